using System.Reflection;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

/// <summary>docs/agents.md says what the presets' rows say.</summary>
public sealed class AgentTableTests
{
    [Fact]
    public void Document_OfEveryPreset_HasItsRow()
    {
        var root = typeof(AgentTableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;
        var document = File.ReadAllLines(Path.Combine(root, "docs", "agents.md"));

        document.TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Should().Equal(AgentPresets.All.Select(static preset => string.Concat(
                $"| `{preset.Name}` |{Cell(preset.Results.SeenWith)}| {(preset.Results.AlwaysSendsResult ? "yes" : "no")} ",
                $"|{Cell(Quoted(preset.Results.ErrorPrefixes))}",
                $"|{Cell(preset.Results.SignInExitCode is { } code ? $"exit code {code}" : Quoted(preset.Results.SignInPrefixes))}|")));
    }

    private static string Quoted(IEnumerable<string> begins) => string.Join(' ', begins.Select(static begin => $"`{begin}`"));

    private static string Cell(string text) => text.Length == 0 ? " " : $" {text} ";
}
