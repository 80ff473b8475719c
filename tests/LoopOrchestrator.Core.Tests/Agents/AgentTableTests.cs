using System.Reflection;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

/// <summary>docs/agents.md says what the presets' rows say.</summary>
public sealed class AgentTableTests
{
    private static readonly string Repository = typeof(AgentTableTests)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static one => one.Key == "RepositoryRoot")
        .Value!;

    private static readonly string[] Document = File.ReadAllLines(Path.Combine(Repository, "docs", "agents.md"));

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

    [Fact]
    public void Services_OfEveryPreset_HaveTheirRow() =>
        Section("## A model's service that refuses or is not there")
            .Where(IsRow)
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(static cells => (cells[1], cells[2].Split(';')[0], cells[3]))
            .Should()
            .Equal(
                AgentPresets.All.Select(static preset =>
                    (
                        $"`{preset.Name}`",
                        Quoted(preset.Results.UnreachablePrefixes),
                        preset.FirstAnswerSeconds is { } limit ? $"{limit} s" : ""
                    )
                )
            );

    /// <summary>The data of tools/try-agents has each preset in the version of its row, and the document says the same.</summary>
    [Fact]
    public void Programs_OfTheData_AreThePresetsAndStandInTheDocument()
    {
        using var data = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository, "tools", "try-agents", "programs.json")));
        var programs = data.RootElement.GetProperty("programs").EnumerateObject().ToList();
        programs
            .Select(static program => (program.Name, program.Value.GetProperty("version").GetString()))
            .Should()
            .Equal(AgentPresets.All.Select(static preset => (preset.Name, (string?)preset.Results.VerifiedVersion)));

        var rows = Section("## What each program does").Where(IsRow).ToList();
        rows.Should().HaveCount(programs.Count);
        foreach (var (program, row) in programs.Zip(rows))
        {
            var seen = program.Value.GetProperty("seen").EnumerateArray().Select(static one => one.GetString()).ToList();
            var cells = program
                .Value.EnumerateObject()
                .Where(static member => member.Value.ValueKind == JsonValueKind.String && member.Name != "version")
                .Select(member => $"{member.Value.GetString()}{(seen.Contains(member.Name) ? " *" : "")}")
                .ToList();
            cells.Should().HaveCount(8).And.NotContain("");
            row.Should().EndWith($"| {string.Join(" | ", cells)} |", "tools/try-agents/table.mjs makes it anew");
        }
    }

    private static IEnumerable<string> Section(string heading) =>
        Document.SkipWhile(line => line != heading).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal));

    private static bool IsRow(string line) => line.StartsWith("| `", StringComparison.Ordinal);

    private static string Quoted(IEnumerable<string> begins) => string.Join(' ', begins.Select(static begin => $"`{begin}`"));

    private static string Cell(string text) => text.Length == 0 ? " " : $" {text} ";
}
