using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Tests.Checkpoints;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>A mode that may change some files only: what its step changed is held against that.</summary>
public sealed class StepFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("edit:\\.md$", "docs/a.md a.MD.md", "")]
    [InlineData("edit:\\.md$", "docs/a.md src/a.cs", "src/a.cs")]
    [InlineData("edit:^docs/", "docs/a.cs other/docs/a.cs", "other/docs/a.cs")]
    [InlineData("edit:\\.md$ edit:\\.txt$", "a.md b.txt c.cs", "c.cs")]
    [InlineData("edit:\\.md$", "a.md schedules.json .roomodes mcp_startup.json", "schedules.json .roomodes mcp_startup.json")]
    public void Outside_PatternsOfAMode_NamesTheOtherFiles(string groups, string changed, string outside)
    {
        var mode = TestMode(groups);

        FilePattern
            .Outside(FilePattern.Of(mode)!, changed.Split(' '))
            .Should()
            .Equal(outside.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("edit")]
    [InlineData("edit edit:\\.md$")]
    public void Of_ModeWithoutAPattern_IsNone(string groups) => FilePattern.Of(TestMode(groups)).Should().BeNull();

    [Theory]
    [InlineData("planning-priorities", 1, "Failed", "file1.cs")]
    [InlineData("planning-priorities", 0, "Passed", null)]
    [InlineData("implementation-core", 1, "Passed", null)]
    public async Task Step_OfAModeWithAPattern_FailsWithTheOtherFiles(string mode, int changed, string state, string? told)
    {
        var stage = StageOf(Stage.Implementation, new FailurePolicy(FailureAction.Stop), mode);
        var workflow = new WorkflowDefinition(WorkflowDefinition.DefaultName) { Stages = [stage] };
        using var play = new CycleWorkspace(workflow);
        play.Exit = _ =>
        {
            // What the step may change was settled before it began: it cannot widen that by itself.
            play.Test.Evidence.Changes = changed;
            File.WriteAllText(
                play.Test.Paths.RooModes,
                "customModes:\n  - slug: planning-priorities\n    name: Any\n    roleDefinition: Any.\n    groups: [read, edit]\n"
            );
            return 0;
        };

        var first = (await play.RunAsync()).Items[0];

        first.State.ToString().Should().Be(state);
        string.Join("; ", first.Marks).Contains(told ?? "", StringComparison.Ordinal).Should().BeTrue();
    }

    [Theory]
    [InlineData("(", "it does not compile")]
    [InlineData("^(a+)+$", "it takes too long")]
    public void Outside_PatternThatCannotBeCompared_SaysNothing(string pattern, string why) =>
        FilePattern.Outside(pattern, [new string('a', 60) + "!"]).Should().BeNull(why);

    [Fact]
    public void Check_MoreFilesThanAreKnown_Fails() =>
        new StepChanges(200, 1, 1, ["M a.md"], []).AllPaths.Should().BeNull("a step that floods the list must not hide a file in it");

    [Fact]
    public async Task CompareAsync_MoreFilesThanAreListed_KnowsThemAll()
    {
        using var sandbox = new GitSandbox();
        var evidence = new WorkEvidence(sandbox.Paths, sandbox.Store, new StepWorktrees(sandbox.Paths, sandbox.Time));
        await evidence.TakeAsync("cycle-1/1-before", Token);
        for (var number = 0; number < ChangeSet.MaxFiles; number++)
        {
            sandbox.Write($"{number:000}.md", "text");
        }

        sandbox.Write("zz.cs", "text");
        await evidence.TakeAsync("cycle-1/1-after", Token);

        var changes = (await evidence.CompareAsync("cycle-1/1-before", "cycle-1/1-after", Token))!;
        changes.AllPaths.Should().HaveCount(ChangeSet.MaxFiles + 1).And.Contain("zz.cs");
    }

    private static Mode TestMode(string groups) =>
        Agents.TestAgents.Mode() with
        {
            Groups =
            [
                .. groups
                    .Split(' ')
                    .Select(static group =>
                        group.Split(':') is [var name, var pattern] ? new ModeGroup(name, pattern) : new ModeGroup(group)
                    ),
            ],
        };
}
