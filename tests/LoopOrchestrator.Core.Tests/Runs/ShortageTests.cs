using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>What the machine does not have for a moment is no failure of the work.</summary>
public sealed class ShortageTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Start_CannotBeRecorded_WaitsAndIsMadeWhenItCan()
    {
        Directory.CreateDirectory(_test.Paths.Timing);

        await StartsWhenItIsOverAsync(() => Directory.Delete(_test.Paths.Timing));
    }

    [Theory]
    [InlineData("files")]
    [InlineData("processes")]
    public async Task Start_SystemHasNone_WaitsAndIsMadeWhenItHas(string what)
    {
        var isShort = true;
        _test.Supervisors.OnLaunch = _ =>
        {
            if (isShort)
            {
                throw what == "files"
                    ? new IOException("Too many open files")
                    : new SupervisorNotStartedException("Resource temporarily unavailable", new IOException());
            }
        };

        await StartsWhenItIsOverAsync(() => isShort = false);
    }

    [Fact]
    public async Task Start_FailsInTheSupervisorForWantOfFiles_WaitsAndIsMadeWhenItCan()
    {
        var isShort = true;
        _test.Supervisors.OnLaunch = order =>
        {
            if (isShort)
            {
                _test.Supervisors.End(
                    order.RunId,
                    new SupervisorOutcome
                    {
                        End = SupervisorEnd.Shortage,
                        Reason = "Too many open files",
                        EndedAt = _test.Now,
                    }
                );
            }
        };

        await StartsWhenItIsOverAsync(() => isShort = false);
    }

    private async Task StartsWhenItIsOverAsync(Action end)
    {
        _test.WriteSchedules(TestWorkspace.Every(600));
        for (var failures = 0; failures < 4; failures++)
        {
            await _test.PassAfterAsync(RetryRules.MaxShortagePause);
        }

        // What failed in its supervisor is seen at the look after its start.
        await _test.RunPassAsync();
        var run = (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle().Subject;
        run.State.Should().Be(RunState.Queued, run.Reason);
        run.Reason.Should().Contain("nothing was begun");
        run.Tries.Should().Be(0);
        (await _test.Workspace.Escalations.ListAsync(all: true, 10, Token)).Should().BeEmpty("one failure would escalate here");
        end();

        await _test.PassAfterAsync(RetryRules.MaxShortagePause);
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Succeeded);
    }
}
