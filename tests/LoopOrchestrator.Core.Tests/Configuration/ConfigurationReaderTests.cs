using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Read_EveryKey_IsUnderstood()
    {
        var (configuration, diagnostics) = Read(
            """
            { "defaultAgent": "claude",
              "agents": {
                "checks": { "kind": "command", "command": ["dotnet", "build"], "passEnvironment": ["AWS_*"], "environment": { "A": "b" } },
                "claude": { "kind": "cli", "preset": "claude", "arguments": ["--x"], "model": "m", "maxTurns": 3, "maxBudgetUsd": 1.5, "prompt": "argument" } },
              "modes": { "validation-static": { "agent": "checks" } },
              "limits": { "concurrentRuns": 4, "timeoutSeconds": 60, "firstOutputSeconds": 5, "firstAnswerSeconds": 7, "silenceSeconds": 6, "killGraceSeconds": 0, "onServerLoss": "end", "outputBytes": 2048 } }
            """
        );

        diagnostics.Should().BeEmpty();
        configuration.DefaultAgent.Should().Be("claude");
        configuration.ModeAgents.Should().Contain("validation-static", "checks");
        configuration.Agents["checks"].Environment.Should().Contain("A", "b");
        configuration.Agents["checks"].PassEnvironment.Should().Equal("AWS_*");
        configuration
            .Agents["claude"]
            .Should()
            .BeEquivalentTo(
                new
                {
                    Preset = "claude",
                    Arguments = new[] { "--x" },
                    Model = "m",
                    MaxTurns = 3,
                    MaxBudgetUsd = 1.5,
                    PromptAsArgument = true,
                }
            );
        configuration
            .Limits.Should()
            .BeEquivalentTo(
                new
                {
                    ConcurrentRuns = 4,
                    TimeoutSeconds = 60,
                    FirstOutputSeconds = 5,
                    FirstAnswerSeconds = 7,
                    SilenceSeconds = 6,
                    KillGraceSeconds = 0,
                    EndsOnServerLoss = true,
                    OutputBytes = 2048L,
                }
            );
    }

    [Theory]
    [InlineData("""{"agents":{"a":{}}}""", "kind is missing", 16)]
    [InlineData("""{"agents":{"a":{"kind":"x"}}}""", "'x'", 24)]
    [InlineData("""{"agents":{"a":{"kind":"workflow","command":["x"]}}}""", "'workflow' and must be handoff, command or cli", 24)]
    [InlineData("""{"agents":{"a":{"kind":"command"}}}""", "command is missing", 16)]
    [InlineData("""{"agents":{"handoff":{"kind":"command"}}}""", "belongs to the hand-off", 22)]
    [InlineData("""{"agents":{"a":5}}""", "has to be an object", 16)]
    [InlineData("""{"defaultAgent":"nobody"}""", "'nobody'", 17)]
    [InlineData("""{"modes":{"code":"checks"}}""", "has to be an object", 18)]
    [InlineData("""{"modes":{"code":{"agent":"nobody"}}}""", "'nobody'", 18)]
    [InlineData("""{"agents":{"a":{"kind":"cli","preset":"clod"}}}""", "known presets: claude, codex", 39)]
    [InlineData("""{"agents":{"a":{"kind":"command","command":["x"],"environment":{"A=B":"c"}}}}""", "no variable can have that name", 64)]
    [InlineData(
        """{"agents":{"a":{"kind":"command","command":["x"],"passEnvironment":["A","B=C"]}}}""",
        "no variable can have that name",
        68
    )]
    [InlineData("""{"limits":5}""", "has to be an object", 11)]
    [InlineData("""{"limits":{"concurrentRuns":1.5}}""", "whole number from 1 to 64", 29)]
    [InlineData("""{"limits":{"onServerLoss":"kill"}}""", "\"keep\" or \"end\"", 27)]
    [InlineData("""{"limits":{"onServerLoss":true}}""", "\"keep\" or \"end\"", 27)]
    [InlineData("""[]""", "one JSON object", 1)]
    public void Read_OneError_IsToldWithItsPlace(string text, string message, int column) =>
        Read(text)
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Error
                && diagnostic.Line == 1
                && diagnostic.Column == column
                && diagnostic.Message.Contains(message)
            );

    [Fact]
    public void Read_SeveralErrorsAndAnUnknownKey_TellsAll() =>
        Read("{ \"limits\": { \"outputBytes\": 1 },\n \"agents\": 1, \"colour\": 2 }")
            .Diagnostics.Select(diagnostic => diagnostic.Severity)
            .Should()
            .BeEquivalentTo([DiagnosticSeverity.Error, DiagnosticSeverity.Error, DiagnosticSeverity.Warning]);

    [Fact]
    public void Read_Garbage_NeverThrows()
    {
        var sound = Encoding.UTF8.GetBytes(
            """{"agents":{"a":{"kind":"cli","command":["x"],"prompt":"stdin"}},"modes":{"m":{"agent":"a"}},"limits":{"timeoutSeconds":1}}"""
        );
        FixedSample.Run(Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]), 2000, value =>
        {
            var (at, replacement, length) = value;
            var bytes = sound.ToArray();
            bytes[at] = replacement;
            ConfigurationReader.Read(bytes, "mcp_startup.json").Configuration.Should().NotBeNull();
            ConfigurationReader.Read(bytes[..length], "mcp_startup.json").Configuration.Should().NotBeNull();
        });
    }

    private static ConfigurationReading Read(string text) => ConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "mcp_startup.json");
}
