using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// Steps that reach into the state of the workspace. The times of changes are a test's; the file system's own cannot be set.
/// </summary>
public sealed class StateFolderCheckTests : IDisposable
{
    private readonly CycleWorkspace _play;
    private readonly Dictionary<string, DateTimeOffset> _changed = new(StringComparer.Ordinal);

    public StateFolderCheckTests()
    {
        _play = new CycleWorkspace(
            new WorkflowDefinition(WorkflowDefinition.DefaultName)
            {
                Stages = [CycleWorkspace.StageOf(StageKind.Implementation, new FailurePolicy(FailureAction.Stop), "code")],
            }
        );
        _play.Exit = static name => name == "code" ? null : 0;
        Paths = _play.Test.Paths;
        _play.Test.Workspace.StateCheck.ChangedAt = path =>
            Path.GetFileName(path).StartsWith(".clock-", StringComparison.Ordinal) ? ClockOfFiles!()
            : Path.Exists(path) ? _changed.GetValueOrDefault(path, DateTimeOffset.UnixEpoch)
            : null;
        ClockOfFiles = () => _play.Test.Now;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkspacePaths Paths { get; }

    private Func<DateTimeOffset> ClockOfFiles { get; set; }

    public void Dispose() => _play.Dispose();

    // {over} is a run that had ended, {cycle} the step's cycle, {step} the step itself, {running} a run beside it.
    [Theory]
    [InlineData("runs/{over}/outcome.json", true)]
    [InlineData("runs/{over}/attempt-2/brief.md", true)]
    [InlineData("runs/{over}/report.json", false)]
    [InlineData("runs/{cycle}/commands/{cycle}-2/outcome.json", true)]
    [InlineData("runs/{cycle}/run.json", true)]
    [InlineData("runs/run-20260302-000000-ffffffff/order.json", true)]
    [InlineData("runs/a-file", true)]
    [InlineData("checks/prepared/order.json", true)]
    [InlineData("checks/0123456789abcdef-1-1-0123456789abcdef0123456789abcdef/order.json", false)]
    [InlineData("worktrees/run-20260302-000000-ffffffff-1/f", true)]
    [InlineData("worktrees/{cycle}-1/f", false)]
    [InlineData("of-nobody/f", true)]
    [InlineData("memory/f", false)]
    [InlineData("runs/{step}/anything", false)]
    [InlineData("runs/{running}/anything", false)]
    public async Task Step_ThatChangedAPlaceInTheState_HasFailedWhereThatWasNobodysToChange(string place, bool fails)
    {
        var (cycle, step, names) = await BeginAsync();
        var path = Write(
            names.Aggregate(place, static (text, name) => text.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal))
        );

        var item = await EndAsync(cycle, step);

        item.State.Should().Be(fails ? CycleItemState.Failed : CycleItemState.Passed);
        if (fails)
        {
            var named = item.Reason!["it changed what is not its own in .loop: ".Length..];
            Paths.Display(path).Should().StartWith(named);
        }
    }

    [Fact]
    public async Task Step_ThatFailedAnyway_IsMarkedToo()
    {
        var (cycle, step, names) = await BeginAsync();
        Write($"runs/{names["over"]}/outcome.json");

        var item = await EndAsync(cycle, step, exitCode: 3);

        item.Reason.Should().Contain("exit code 3");
        item.Marks.Should().ContainSingle().Which.Should().Contain($".loop/runs/{names["over"]}/outcome.json");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task Step_WhatChangedBeforeOrBehindIt_IsNotItsDoing(int hour)
    {
        var (cycle, step, names) = await BeginAsync();
        _changed[Write($"runs/{names["over"]}/outcome.json")] = _play.Test.Now.AddHours(hour);

        (await EndAsync(cycle, step)).State.Should().Be(CycleItemState.Passed);
    }

    [Fact]
    public async Task Step_RunWhoseEndWasRecordedWhileItWorked_IsNotItsDoing()
    {
        var (cycle, step, names) = await BeginAsync();
        _play.Test.Supervisors.End(names["running"]);
        Write($"runs/{names["running"]}/outcome.json");
        _play.Test.Time.Advance(TimeSpan.FromMinutes(1));
        await _play.Test.RunPassAsync();

        (await EndAsync(cycle, step)).State.Should().Be(CycleItemState.Passed);
    }

    [Fact]
    public async Task Step_OnAFileSystemWithAnotherClock_IsNotJudgedByItsTimes()
    {
        ClockOfFiles = () => _play.Test.Now.AddMinutes(5);
        var (cycle, step, names) = await BeginAsync();
        Write($"runs/{names["over"]}/outcome.json");

        (await EndAsync(cycle, step)).State.Should().Be(CycleItemState.Passed);
    }

    [Fact]
    public void ChangedAt_TimeThatAProgramSets_IsNotTaken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there it is known.");
        var path = Write("of-nobody/f");
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        SpecialFile.ChangedAt(path).Should().BeAfter(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        SpecialFile.ChangedAt(path + "-missing").Should().BeNull();
    }

    private async Task<(string Cycle, string Step, Dictionary<string, string> Names)> BeginAsync()
    {
        var over = await _play.Test.Workspace.Runs.RequestAsync(new RunRequest("ask", "before"), Token);
        await _play.Test.RunPassAsync();
        _play.Test.Time.Advance(TimeSpan.FromMinutes(1));
        _play.Exit = static _ => null;
        var running = await _play.Test.Workspace.Runs.RequestAsync(new RunRequest("ask", "beside"), Token);
        var asked = await _play.AskAsync();
        var step = (await _play.PlayAsync(asked.Id)).Items[^1].RunId!;
        _play.Test.Supervisors.ComeUp(running.Id);
        _play.Test.Supervisors.ComeUp(step);
        return (
            asked.Id,
            step,
            new(StringComparer.Ordinal)
            {
                ["over"] = over.Id,
                ["running"] = running.Id,
                ["cycle"] = asked.Id,
                ["step"] = step,
            }
        );
    }

    private async Task<CycleItem> EndAsync(string cycle, string step, int exitCode = 0)
    {
        _play.Test.Time.Advance(TimeSpan.FromHours(0.5));
        _play.Test.Supervisors.End(step, exitCode);
        return (await _play.PlayAsync(cycle)).Items.Single(item => item.RunId == step);
    }

    // Changed a minute from now, with all folders on the way.
    private string Write(string place)
    {
        var path = Path.Combine(Paths.State, place);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "changed");
        for (var changed = path; changed.Length > Paths.State.Length; changed = Path.GetDirectoryName(changed)!)
        {
            _changed[changed] = _play.Test.Now.AddMinutes(1);
        }

        return path;
    }
}
