using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Retention;

/// <summary>Folders of old runs go, and nothing that is still needed.</summary>
public sealed class RunRetentionTests : IDisposable
{
    private readonly TestWorkspace _test = new(
        new RunLimits
        {
            MaxAttempts = 1,
            FailuresToEscalate = 1,
            KeepRunsDays = 10,
            KeepRunsBytes = 3_000_000,
        }
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Prune_LongAgo_RemovesTheFolderAndKeepsTheRun()
    {
        var old = await EndedAsync("old");
        var running = await StartAsync("running");
        _test.Supervisors.ComeUp(running.Id);
        var escalated = await EndedAsync("broken", exitCode: 1);
        _test.Time.Advance(TimeSpan.FromDays(9));
        var young = await EndedAsync("young");
        (await _test.Workspace.Retention.PruneAsync(Token)).Should().Be(0);
        _test.Time.Advance(TimeSpan.FromDays(2));

        (await _test.Workspace.Retention.PruneAsync(Token)).Should().Be(1);

        new[] { old, running, escalated, young }
            .Select(run => Directory.Exists(_test.Paths.Run(run.Id)))
            .Should()
            .Equal(false, true, true, true);
        (await _test.Workspace.Runs.GetAsync(old.Id, Token)).State.Should().Be(RunState.Succeeded);
        (await _test.Workspace.Runs.GetAsync(running.Id, Token)).State.Should().Be(RunState.Running);
        _test.Workspace.Runs.OutputTail(old, 100).Should().BeNull();
        _test.Workspace.Runs.Brief(old).Should().BeNull();
    }

    [Fact]
    public async Task Prune_TooLarge_RemovesTheOldestUntilTheRestFits()
    {
        var runs = new List<Run>();
        for (var index = 0; index < 4; index++)
        {
            var run = await StartAsync($"work {index}");
            await File.WriteAllBytesAsync(RunFolder.Of(_test.Paths.Run(run.Id), 1).Output, new byte[1_000_000], Token);
            _test.Time.Advance(TimeSpan.FromMinutes(1));
            _test.Supervisors.End(run.Id);
            await _test.RunPassAsync();
            runs.Add(run);
        }

        (await _test.Workspace.Retention.PruneAsync(Token)).Should().Be(2, "each has a brief beside its million bytes");

        runs.Select(run => Directory.Exists(_test.Paths.Run(run.Id))).Should().Equal(false, false, true, true);
    }

    private async Task<Run> EndedAsync(string task, int exitCode = 0)
    {
        var run = await StartAsync(task);
        _test.Supervisors.End(run.Id, exitCode);
        await _test.RunPassAsync();
        return await _test.Workspace.Runs.GetAsync(run.Id, Token);
    }

    private async Task<Run> StartAsync(string task)
    {
        var run = await _test.Workspace.Runs.RequestAsync(
            new RunRequest("code", task) { TimeoutSeconds = RunLimits.MaxTimeoutSeconds },
            Token
        );
        await _test.RunPassAsync();
        return run;
    }
}
