using System.Diagnostics;
using LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;
using LoopOrchestrator.Mcp.Tests.Npm;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;

namespace LoopOrchestrator.Mcp.Tests.Conformance;

/// <summary>
/// All that the protocol's conformance suite requires of a server of a revision, against a server with the suite's own tools, prompts and
/// resources behind everything that the product has in front of its own. <see cref="ConformanceTests"/> asks the server as shipped.
/// </summary>
public sealed class RequirementsTests(ConformanceInstallation suite, SuiteServer server, ITestOutputHelper output)
    : IClassFixture<ConformanceInstallation>,
        IClassFixture<SuiteServer>
{
    private const string ExpectedFailures = "tests/LoopOrchestrator.Mcp.Tests/Conformance/expected-failures.yml";

    [Theory(Explicit = true)]
    [Trait("kind", "conformance")]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Requirements_OfARevision_AreMet(string revision)
    {
        Assert.SkipUnless(suite.Missing is null, suite.Missing ?? string.Empty);
        var folder = Directory.CreateTempSubdirectory("conformance-");
        try
        {
            string[] expected =
                revision == ProtocolEra.Stateless ? ["--expected-failures", Path.Combine(RepositoryFiles.Root, ExpectedFailures)] : [];
            var answer = await NpmInstallation.RunAsync(
                new ProcessStartInfo(
                    suite.Node,
                    [suite.Program, "server", "--url", server.Endpoint.ToString(), "--requirements", revision, .. expected]
                )
                {
                    WorkingDirectory = folder.FullName,
                }
            );

            output.WriteLine(answer.Output);
            answer.ExitCode.Should().Be(0, answer.Output + answer.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
