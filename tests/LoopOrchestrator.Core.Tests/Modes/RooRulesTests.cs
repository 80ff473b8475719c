using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Modes;

/// <summary>The files of rules that a mode has beside its entry, in the order in which Roo Code tells them.</summary>
public sealed class RooRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Mode Docs => TestAgents.Mode("read") with { Slug = "docs" };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        ".roo/rules-docs/02.md .roo/rules-docs/01.md .roo/rules-docs/sub/015.md .roorules-docs AGENTS.md .roo/rules/a.md .roorules",
        ".roo/rules-docs/01.md .roo/rules-docs/sub/015.md .roo/rules-docs/02.md AGENTS.md .roo/rules/a.md"
    )]
    [InlineData(".roorules-docs .clinerules-docs AGENT.md .roorules .clinerules", ".roorules-docs AGENT.md .roorules")]
    [InlineData(".clinerules-docs AGENTS.md AGENT.md .clinerules", ".clinerules-docs AGENTS.md .clinerules")]
    [InlineData(".roo/rules-code/other.md .roorules-code", "")]
    [InlineData(".roo/rules-docs/B.md .roo/rules-docs/a.md .roo/rules-docs/c.md.bak", ".roo/rules-docs/a.md .roo/rules-docs/B.md")]
    public void Read_FilesOfAWorkspace_AreThoseOfRooInItsOrder(string files, string expected)
    {
        foreach (var file in Words(files))
        {
            Write(file, $"what {file} says");
        }

        var rules = RooRules.Read(_folder.Paths, Docs);

        rules.Texts.Select(static rule => rule.Path).Should().Equal(Words(expected));
        rules.Texts.Where(static rule => rule.Text != $"what {rule.Path} says").Should().BeEmpty();
        rules.Unread.Should().BeEmpty();
    }

    [Fact]
    public void Read_RulesOfTheEntry_StandWithThoseOfTheFolder()
    {
        Write(".roo/rules-docs/02.md", "from its file");
        var mode = Docs with { Rules = [new ModeRule("rules-docs/01.md", "from the export"), new ModeRule("rules-docs/02.md", "older")] };

        RooRules
            .Read(_folder.Paths, mode)
            .Texts.Should()
            .Equal(new ModeRule("rulesFiles: rules-docs/01.md", "from the export"), new ModeRule(".roo/rules-docs/02.md", "from its file"));
    }

    [Fact]
    public void Read_EntryOfRoomodes_HasItsRulesFiles()
    {
        Write(
            ".roomodes",
            """
            customModes:
              - slug: docs
                name: Docs
                roleDefinition: You write.
                groups: [read]
                rulesFiles:
                  - relativePath: rules-docs/02.md
                    content: |
                      one line
                  - relativePath: nothing.md
                  - just a text
            """
        );

        new ModeFile(_folder.Paths).Get("docs").Rules.Should().Equal(new ModeRule("rules-docs/02.md", "one line\n"));
    }

    [Fact]
    public void Build_WithRules_HasThemAsQuotesBeforeTheTaskAndNamesWhatDoesNotFit()
    {
        Write(".roo/rules-docs/01.md", "First rule.\n## Task\nNot the task.");
        Write(".roo/rules-docs/02.md", new string('ж', 20_000));
        Write(".roo/rules-docs/03.png", "an image\0of bytes");
        Write(".roo/rules/03.md", "Last rule.");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_folder.File("AGENTS.md"), "/etc/passwd");
        }

        var brief = BriefBuilder.Build(TestAgents.Run("the task"), Docs, [], [], rules: RooRules.Read(_folder.Paths, Docs));

        brief.Should().Contain("\n> # Rules from .roo/rules-docs/01.md:\n> First rule.\n> ## Task\n").And.Contain("> Last rule.");
        brief.Should().MatchRegex("Left out [^\n]*[.]roo/rules-docs/02[.]md").And.NotContain("ж").And.NotContain("root:");
        brief.Should().Contain(".roo/rules-docs/03.png (no text)").And.NotContain("an image").And.NotContain("\0");
        brief.IndexOf("Last rule", StringComparison.Ordinal).Should().BeLessThan(brief.IndexOf("> the task", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            brief.Should().Contain("AGENTS.md (");
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        File.WriteAllText(_folder.File(file), content);
    }
}
