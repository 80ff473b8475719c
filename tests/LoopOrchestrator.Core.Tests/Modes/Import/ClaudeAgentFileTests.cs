using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes.Import;

namespace LoopOrchestrator.Core.Tests.Modes.Import;

public sealed class ClaudeAgentFileTests
{
    [Fact]
    public void Read_AFullAgent_BecomesAModeAndSaysWhatIsLost()
    {
        var (mode, diagnostics) = Mode(
            """
            ---
            name: code-reviewer
            description: Reviews code for mistakes
            tools: Read, Grep, Bash(git diff:*, git log), mcp__github__get_issue, Task, WebFetch
            model: sonnet
            color: blue
            ---

            You review code.
            Be strict.

            ## How

            - Read the change first.
            """
        );

        mode.Slug.Should().Be("code-reviewer");
        mode.Name.Should().Be("code-reviewer");
        mode.Description.Should().Be("Reviews code for mistakes");
        mode.WhenToUse.Should().Be("Reviews code for mistakes");
        mode.RoleDefinition.Should().Be("You review code.\nBe strict.");
        mode.CustomInstructions.Should().Be("## How\n\n- Read the change first.");
        mode.Groups.Select(group => group.Name).Should().Equal("read", "command", "mcp");
        diagnostics
            .Select(diagnostic => diagnostic.ToString())
            .Should()
            .Equal(
                "a.md:5: note: Agent 'code-reviewer': 'model' is not carried over: which program does the work of a mode "
                    + "is said under modes.code-reviewer.agent in mcp_startup.json.",
                "a.md:6: note: Agent 'code-reviewer': 'color' has no counterpart in a mode and is not carried over.",
                "a.md:4: note: Agent 'code-reviewer': the limit of 'Bash(git diff:*, git log)' is not carried over: the "
                    + "group 'command' allows more.",
                "a.md:4: note: Agent 'code-reviewer': 'mcp__github__get_issue' becomes the group 'mcp', which allows "
                    + "every tool of every MCP server.",
                "a.md:4: note: Agent 'code-reviewer': no group stands for 'Task', 'WebFetch', which is left out."
            );
    }

    [Theory]
    [InlineData("tools: Read, Write", "read edit")]
    [InlineData("tools:\n  - Glob\n  - MultiEdit", "read edit")]
    [InlineData("tools: [Bash]", "command")]
    [InlineData("tools: NotebookEdit", "edit")]
    [InlineData("tools:", "read edit command mcp")]
    [InlineData("tools: '*'", "read edit command mcp")]
    [InlineData("description: none are named", "read edit command mcp")]
    [InlineData("tools: Task, TodoWrite", "")]
    public void Read_Tools_BecomeGroups(string line, string expected) =>
        string.Join(' ', Mode($"---\nname: a\n{line}\n---\nDo it.").Mode.Groups.Select(group => group.Name)).Should().Be(expected);

    [Theory]
    [InlineData("Code Reviewer", "code-reviewer", "is no slug")]
    [InlineData("  Ünïcode  déjà vu!", "n-code-d-j-vu", "is no slug")]
    [InlineData("\"a/../b\"", "a-b", "is no slug")]
    public void Read_ANameThatIsNoSlug_IsCleanedWithAFinding(string name, string slug, string says)
    {
        var (mode, diagnostics) = Mode($"---\nname: {name}\n---\nDo it.");

        mode.Slug.Should().Be(slug);
        diagnostics
            .Should()
            .ContainSingle(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Line == 2 && diagnostic.Message.Contains(says)
            );
    }

    [Fact]
    public void Read_NoName_TakesTheFiles() =>
        Mode("---\ndescription: x\n---\nDo it.")
            .Mode.Should()
            .Match<Core.Modes.Mode>(mode =>
                mode.Slug == "a" && mode.RoleDefinition == "You are a. x" && mode.CustomInstructions == "Do it."
            );

    [Fact]
    public void Read_FrontMatterThatIsNoYaml_IsReadLineByLine()
    {
        var (mode, diagnostics) = Mode(
            "---\nname: helper\ndescription: Use it when: there is work. <example>user: \"hi\" # not a "
                + "comment</example>\n  and more\ntools: Read\n---\nHelp."
        );

        mode.WhenToUse.Should().Be("Use it when: there is work. <example>user: \"hi\" # not a comment</example>\nand more");
        mode.Description.Should().StartWith("Use it when: there is work.").And.NotContain("\n");
        mode.Groups.Should().ContainSingle();
        diagnostics.Should().ContainSingle().Which.Message.Should().Contain("line by line");
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("---\nname: a\nno end")]
    [InlineData("---\nname: '!!!'\n---\nx")]
    [InlineData("---\nname: a\n---\n\0")]
    public void Read_NoAgent_IsAnErrorAndNoMode(string text)
    {
        var source = ClaudeAgentFile.Read(Encoding.UTF8.GetBytes(text), "a.md", "a");

        source.Modes.Should().BeEmpty();
        source.Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Read_HostileBytes_EndsWithoutAnException()
    {
        string[] texts =
        [
            "---\n" + string.Concat(Enumerable.Repeat("[", 100_000)) + "\n---\nx",
            "---\nname: &a [*a, *a]\ndescription: *a\n---\nx",
            "---\nname: a\nname: b\n---\nx",
            "---\n? [a]\n: b\n---\nx",
            "---\nname: a\ntools: " + new string('(', 100_000) + "\n---\nx",
            "---\nname: " + new string('x', 1_000_000) + "\n---\nx",
            "---\nname: a\n---\n" + new string('y', 3_000_000),
            "---\r\nname: a\r\n---\r\nx",
            "\uFEFF---\nname: a\n---\nx",
        ];

        foreach (var text in texts)
        {
            var source = ClaudeAgentFile.Read(Encoding.UTF8.GetBytes(text), "a.md", "a");
            (source.Modes.Count + source.Diagnostics.Count).Should().BePositive();
            source.Modes.Should().OnlyContain(mode => mode.Slug.Length > 0 && mode.Slug.Length <= 64 && mode.RoleDefinition.Length > 0);
        }

        ClaudeAgentFile.Read(new byte[5 * 1024 * 1024], "a.md", "a").Diagnostics.Should().ContainSingle();
        ClaudeAgentFile.Read(Enumerable.Range(0, 10_000).Select(i => (byte)(i * 131)).ToArray(), "a.md", "a").Modes.Should().BeEmpty();
    }

    private static (Core.Modes.Mode Mode, IReadOnlyList<Diagnostic> Findings) Mode(string text)
    {
        var source = ClaudeAgentFile.Read(Encoding.UTF8.GetBytes(text), "a.md", "a");
        return (source.Modes.Should().ContainSingle().Subject, source.Diagnostics);
    }
}
