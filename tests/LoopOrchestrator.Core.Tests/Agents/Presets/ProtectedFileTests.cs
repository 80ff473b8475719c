using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Agents.Presets;

/// <summary>
/// What each program is told of the files that it may edit. The programs of docs/agents.md were seen to hold it in this form.
/// </summary>
public sealed class ProtectedFileTests
{
    private const string Folder = PresetCalls.WorkingFolder;

    public static TheoryData<string> Described =>
        [.. AgentPresets.All.Where(static preset => preset.Edits.DeniedBy.StartsWith('`')).Select(static preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Described))]
    public void Build_WithEdit_NamesEachProtectedFileAndWithoutItNone(string preset)
    {
        var with = All(PresetCalls.Build(preset, "edit")).Replace("\\", "", StringComparison.Ordinal);

        foreach (var name in ProtectedFiles.Files.Concat(ProtectedFiles.Folders))
        {
            with.Should().Contain(name.TrimStart('.'));
        }

        All(PresetCalls.Build(preset, "read")).Should().NotContain("roomodes");
    }

    [Fact]
    public void Deny_ForQwen_IsPatterns() =>
        After(PresetCalls.Build("qwen", "edit"), "--exclude-tools")
            .Should()
            .Contain([
                "Edit(./schedules.json)",
                "Edit(./.roo/schedules.json)",
                "Edit(./mcp_startup.json)",
                "Edit(./.roomodes)",
                "Edit(./.git)",
                "Edit(./.loop/**)",
                "Edit(./.git/**)",
            ]);

    [Fact]
    public void Deny_ForCopilot_IsAbsolutePaths() =>
        After(PresetCalls.Build("copilot", "edit"), "--deny-tool")
            .Should()
            .Contain([$"write({Folder}/schedules.json)", $"write({Folder}/.roomodes)", $"write({Folder}/.loop/**)", "write(**/.git/**)"]);

    [Theory]
    [InlineData("opencode", null, "a.cs docs/a.md sub/schedules.json", "")]
    [InlineData("kilo", @"\.md$", "a.md docs/a.md", "a.cs docs/a.mdx")]
    [InlineData("opencode", "^docs/", "docs/a.md docs/b/a.cs", "a.md src/a.md")]
    [InlineData("opencode", @"^docs/.*\.(md|txt)$", "docs/a.md docs/b/a.txt", "a.md docs/a.cs")]
    [InlineData("gemini", null, "a.cs docs/a.md sub/schedules.json .github/a", "docs/../schedules.json ./docs/./a.md docs//a.md ../x")]
    [InlineData("gemini", @"\.md$", "a.md docs/a.md", "a.cs docs/a.mdx docs/../a.md")]
    [InlineData("gemini", "^docs/", "docs/a.md docs/b/a.cs", "a.md src/docs/a.md")]
    [InlineData("gemini", @"^docs/.*\.(md|txt)$", "docs/a.md docs/b/a.txt", "a.md docs/a.cs")]
    public void Rules_OfAMode_HoldWhatItMayEdit(string preset, string? fileRegex, string allowed, string denied)
    {
        var call = PresetCalls.Call(PresetCalls.Agent(preset), "edit");
        var invocation = AgentCommandLine.Build(
            call with
            {
                Mode = call.Mode with { Groups = [new ModeGroup(ModeGroup.Edit, fileRegex)] },
            }
        );
        Func<string, bool> may = preset == "gemini" ? path => GeminiMay(invocation, path) : path => OpenCodeMay(invocation, path);
        string[] begins = preset == "gemini" ? ["", "./", Folder + "/"] : ["", "ws/", "a (b)+/ws/", Folder.TrimStart('/') + "/"];

        foreach (var begin in begins)
        {
            foreach (var path in allowed.Split(' '))
            {
                may(begin + path).Should().BeTrue($"{begin + path} may be edited");
            }

            foreach (var path in denied.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                may(begin + path).Should().BeFalse($"{begin + path} may not be edited");
            }

            foreach (var path in ProtectedFiles.Files.Concat(ProtectedFiles.Folders.Select(static folder => folder + "/x/y.md")))
            {
                may(begin + path).Should().BeFalse($"{begin + path} is protected");
            }
        }
    }

    [Fact]
    public void Gemini_Rules_AreOfAFormThatItTakes()
    {
        foreach (var rule in Rules(PresetCalls.Build("gemini", "edit")))
        {
            // Its own test for expressions that could take for ever; it leaves out a rule that does not pass.
            Regex
                .IsMatch(rule.Pattern, @"\([^)]*[*+?{].*\)[*+?{]", RegexOptions.None, TimeSpan.FromSeconds(1))
                .Should()
                .BeFalse(rule.Pattern);
            rule.Pattern.Length.Should().BeLessThan(2048);
        }
    }

    private static bool OpenCodeMay(AgentInvocation invocation, string path)
    {
        using var configuration = JsonDocument.Parse(invocation.Environment.Single().Value);
        return configuration
                .RootElement.GetProperty("permission")
                .GetProperty("edit")
                .EnumerateObject()
                .Last(rule =>
                    Regex.IsMatch(
                        path,
                        $"^{Regex.Escape(rule.Name).Replace("\\*", ".*", StringComparison.Ordinal)}$",
                        RegexOptions.Singleline,
                        TimeSpan.FromSeconds(1)
                    )
                )
                .Value.GetString() == "allow";
    }

    private static bool GeminiMay(AgentInvocation invocation, string path)
    {
        // As JSON.stringify writes it.
        var arguments = $$"""{"content":"x","file_path":"{{path}}"}""";
        return Rules(invocation)
            .OrderByDescending(static rule => rule.Priority)
            .FirstOrDefault(rule => Regex.IsMatch(arguments, rule.Pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)))
            .Decision
            is not "deny";
    }

    private static List<(string Pattern, string? Decision, int Priority)> Rules(AgentInvocation invocation)
    {
        var text = Encoding.UTF8.GetString(invocation.Files[invocation.After("--admin-policy")]);
        return
        [
            .. text.Split("[[rule]]", StringSplitOptions.RemoveEmptyEntries)
                .Select(static rule =>
                    (
                        Unquote(Value(rule, "argsPattern")),
                        (string?)Unquote(Value(rule, "decision")),
                        int.Parse(Value(rule, "priority"), System.Globalization.CultureInfo.InvariantCulture)
                    )
                ),
        ];
    }

    private static string Value(string rule, string name) =>
        rule.Split('\n').Single(line => line.StartsWith(name + " = ", StringComparison.Ordinal))[(name.Length + 3)..].TrimEnd();

    private static string Unquote(string text) => JsonSerializer.Deserialize<string>(text)!;

    private static IEnumerable<string> After(AgentInvocation invocation, string option) =>
        invocation.Arguments.Where((_, index) => index > 0 && invocation.Arguments[index - 1] == option);

    private static string All(AgentInvocation invocation) =>
        string.Join(
            '\n',
            [.. invocation.Arguments, .. invocation.Environment.Values, .. invocation.Files.Values.Select(Encoding.UTF8.GetString)]
        );
}
