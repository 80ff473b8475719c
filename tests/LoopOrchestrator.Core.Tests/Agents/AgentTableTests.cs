using System.Reflection;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

/// <summary>docs/agents.md says what the presets' rows say.</summary>
public sealed class AgentTableTests
{
    private static readonly string[] Document = File.ReadAllLines(
        Path.Combine(
            typeof(AgentTableTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(static one => one.Key == "RepositoryRoot")
                .Value!,
            "docs",
            "agents.md"
        )
    );

    [Fact]
    public void Results_OfEveryPreset_HaveTheirRow() =>
        Document
            .TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(IsRow)
            .Should()
            .Equal(
                AgentPresets.All.Select(static preset =>
                    string.Concat(
                        $"| `{preset.Name}` |{Cell(preset.Results.VerifiedVersion)}| {(preset.Results.AlwaysSendsResult ? "yes" : "no")} ",
                        $"|{Cell(Quoted(preset.Results.ErrorPrefixes))}",
                        $"|{Cell(preset.Results.SignInExitCode is { } code ? $"exit code {code}" : Quoted(preset.Results.SignInPrefixes))}|"
                    )
                )
            );

    [Fact]
    public void Edits_OfEveryPreset_HaveTheirRow() =>
        Document
            .SkipWhile(static line => line != "## Which files an agent may edit")
            .Where(IsRow)
            .Should()
            .Equal(
                AgentPresets.All.Select(static preset =>
                    $"| `{preset.Name}` | {(preset.Edits.DeniedBy is { Length: > 0 } by ? by : "cannot be told")} | "
                    + $"{(preset.Edits.HoldsFileRegex ? "yes" : "no")} |"
                )
            );

    private static bool IsRow(string line) => line.StartsWith("| `", StringComparison.Ordinal);

    private static string Quoted(IEnumerable<string> begins) => string.Join(' ', begins.Select(static begin => $"`{begin}`"));

    private static string Cell(string text) => text.Length == 0 ? " " : $" {text} ";
}
