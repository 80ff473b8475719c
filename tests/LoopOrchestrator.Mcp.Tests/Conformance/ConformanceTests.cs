using System.Diagnostics;
using LoopOrchestrator.Mcp.Tests.Hosting;
using LoopOrchestrator.Mcp.Tests.Npm;
using LoopOrchestrator.Testing.Clients;

namespace LoopOrchestrator.Mcp.Tests.Conformance;

/// <summary>
/// The protocol's conformance suite against the server as shipped: the scenarios that need nothing but a server, that is no tools, prompts
/// or resources of the suite's own. It speaks HTTP only. A node is started for each, so they are run by <c>.ci/run</c> and not daily.
/// </summary>
public sealed class ConformanceTests(ConformanceInstallation suite, HttpServer server, ITestOutputHelper output)
    : IClassFixture<ConformanceInstallation>,
        IClassFixture<HttpServer>
{
    // Of the many checks of one scenario, those that cannot be met as shipped. An entry that passes fails the run, so none rots.
    private const string ExpectedFailures = """
        server:
          # The error lists the revisions of both eras, as the specification's own example does; the suite wants those of one.
          - server-stateless:sep-2575-server-unsupported-version-error
          # These call tools of the suite's own: test_missing_capability, test_streaming_elicitation, test_logging_tool.
          - server-stateless:sep-2575-server-rejects-undeclared-capability
          - server-stateless:sep-2575-missing-capability-http-400
          - server-stateless:sep-2575-http-server-no-independent-requests-on-stream
          - server-stateless:sep-2575-server-no-log-without-loglevel
        """;

    public static TheoryData<string, string> Scenarios()
    {
        var data = new TheoryData<string, string>();
        foreach (
            var scenario in (string[])
                [
                    "server-initialize",
                    "ping",
                    "logging-set-level",
                    "tools-list",
                    "resources-list",
                    "prompts-list",
                    "completion-complete",
                    "resources-subscribe",
                    "resources-unsubscribe",
                    "dns-rebinding-protection",
                    "server-session-lifecycle",
                    "server-sse-multiple-streams",
                ]
        )
        {
            data.Add(ProtocolEra.Initialize, scenario);
        }

        foreach (
            var scenario in (string[])
                [
                    "tools-list",
                    "resources-list",
                    "prompts-list",
                    "completion-complete",
                    "dns-rebinding-protection",
                    "server-sse-multiple-streams",
                    "caching",
                    "sep-2164-resource-not-found",
                    "http-header-validation",
                    "input-required-result-unsupported-methods",
                    "server-stateless",
                ]
        )
        {
            data.Add(ProtocolEra.Stateless, scenario);
        }

        return data;
    }

    [Theory(Explicit = true)]
    [Trait("kind", "conformance")]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario_OfTheSuite_Passes(string era, string scenario)
    {
        Assert.SkipUnless(suite.Missing is null, suite.Missing ?? string.Empty);
        var folder = Directory.CreateTempSubdirectory("conformance-");
        try
        {
            var expected = Path.Combine(folder.FullName, "expected.yml");
            await File.WriteAllTextAsync(expected, ExpectedFailures, TestContext.Current.CancellationToken);
            string[] baseline = scenario == "server-stateless" ? ["--expected-failures", expected] : [];
            var answer = await NpmInstallation.RunAsync(
                new ProcessStartInfo(
                    suite.Node,
                    [
                        suite.Program,
                        "server",
                        "--url",
                        new Uri(server.Process.Address!, "/mcp").ToString(),
                        "--scenario",
                        scenario,
                        "--spec-version",
                        era,
                        .. baseline,
                    ]
                )
                {
                    WorkingDirectory = folder.FullName,
                }
            );

            output.WriteLine(answer.Output);
            answer.ExitCode.Should().Be(0, answer.Output + answer.Error);
            answer.Output.Should().MatchRegex("Passed: [1-9]", "a scenario that checks nothing says nothing");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
