using System.Text;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Configuration;

public sealed class CommitConfigurationReaderTests
{
    [Fact]
    public void Read_EveryKey_IsUnderstood()
    {
        var (configuration, diagnostics) = Read(
            """
            { "commit": { "gate": [ { "name": "tests", "command": ["make", "check"], "exitCode": 2, "timeoutSeconds": 30 }, { "command": ["true"] } ], "push": true, "includeLiveFiles": false, "maxFileBytes": 4096 },
              "modes": { "integration-commit": { "agent": "commits" } } }
            """
        );

        diagnostics.Should().BeEmpty();
        var commit = configuration.Commit;
        commit
            .Gate.Should()
            .BeEquivalentTo([
                new WorkflowCommand("tests", ["make", "check"]) { ExitCode = 2, TimeoutSeconds = 30 },
                new WorkflowCommand("true", ["true"]),
            ]);
        (commit.Push, commit.IncludeLiveFiles, commit.MaxFileBytes).Should().Be((true, false, 4096L));
    }

    [Fact]
    public void Read_Nothing_PushesNothing() =>
        Read("{}")
            .Configuration.Commit.Should()
            .BeEquivalentTo(
                new
                {
                    Gate = Array.Empty<WorkflowCommand>(),
                    Push = false,
                    IncludeLiveFiles = true,
                    MaxFileBytes = 5_242_880L,
                }
            );

    [Theory]
    [InlineData("""{"commit":5}""", "commit has to be an object", DiagnosticSeverity.Error)]
    [InlineData("""{"commit":{"push":"yes"}}""", "commit.push", DiagnosticSeverity.Error)]
    [InlineData("""{"commit":{"maxFileBytes":1023}}""", "from 1024 to 1073741824", DiagnosticSeverity.Error)]
    [InlineData("""{"commit":{"gate":["make"]}}""", "commit.gate[0]", DiagnosticSeverity.Error)]
    [InlineData("""{"commit":{"gates":[]}}""", "'gates'", DiagnosticSeverity.Warning)]
    [InlineData(
        """{"agents":{"commits":{"kind":"command","command":["x"]}}}""",
        "belongs to the agent that commits",
        DiagnosticSeverity.Error
    )]
    public void Read_OneMistake_IsTold(string text, string message, DiagnosticSeverity severity) =>
        Read(text)
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic => diagnostic.Severity == severity && diagnostic.Message.Contains(message));

    private static ConfigurationReading Read(string text) => ConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "mcp_startup.json");
}
