using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Starts queued runs that need a process, in order of priority, as long as the limit allows. Any trusted process may do so: the
/// database decides who gets a run. In an untrusted process nothing is started. Safe for many threads.
/// </summary>
internal sealed partial class RunDispatcher(
    RunStore store,
    RunLauncher launcher,
    RunFinisher finisher,
    ModeFile modes,
    ScheduleSource schedules,
    RunLimits limits,
    WorkspaceTrust trust,
    TimeProvider time,
    Action supervisorEnded,
    ILogger<RunDispatcher> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Starts what may start now.</summary>
    /// <returns>When the next one that waits for a certain moment may start; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> DispatchAsync(CancellationToken cancellationToken = default)
    {
        if (!await finisher.RetryAsync() || !trust.IsTrusted)
        {
            return null;
        }

        DateTimeOffset? next = null;

        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var queued in await store.InStateAsync(RunState.Queued, cancellationToken))
            {
                var now = time.GetUtcNow();
                if (queued.NotBefore > now)
                {
                    next = next is null || queued.NotBefore < next ? queued.NotBefore : next;
                }
                else if (queued.AgentKind != Agents.AgentKind.Handoff
                    && await store.TryStartAsync(
                        queued.Id,
                        new RunStart(now) { Executor = ProcessIdentity.Current.ToString(), MostRunning = limits.ConcurrentRuns, Command = launcher.Describe(queued.Agent) },
                        cancellationToken))
                {
                    // Not to be cut short: a run that was taken is started or failed, never left half way by the end of this server.
                    await StartAsync((await store.FindAsync(queued.Id, CancellationToken.None))!, CancellationToken.None);
                }
            }

            return next;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task StartAsync(Run run, CancellationToken cancellationToken)
    {
        var title = Title(run);
        try
        {
            if (run.StopRowPending)
            {
                await finisher.SettleAsync(run.Id, cancellationToken);
            }

            await launcher.WriteStartRowAsync(run, title, cancellationToken);
        }
        catch (UserErrorException exception)
        {
            await finisher.EndUnstartedAsync(run.Id, new RunEnd(RunState.Failed, time.GetUtcNow(), $"it was not started, because its start could not be recorded: {exception.Message}") { Failure = RunFailure.Recording, Attempt = run.Attempt });
            return;
        }

        try
        {
            var mode = modes.Get(run.Mode);
            await launcher.LaunchAsync(run, mode, supervisorEnded, cancellationToken);
            Log.RunStarted(logger, run.Id, run.Mode, run.Agent, title);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            await finisher.EndUnstartedAsync(run.Id, new RunEnd(RunState.Failed, time.GetUtcNow(), $"it could not be started: {exception.Message}")
            {
                Failure = exception is UserErrorException ? RunFailure.Configuration : RunFailure.Work,
                Attempt = run.Attempt,
            });
        }
    }

    private string Title(Run run) =>
        run.ScheduleId is { } id && schedules.Schedules.FirstOrDefault(schedule => schedule.Id == id) is { } schedule ? schedule.Name : RunTitle.Of(run.Task);

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, EventName = "RunStarted", Level = LogLevel.Information, Message = "{Run} ({Mode}) started with agent {Agent}: {Title}")]
        public static partial void RunStarted(ILogger logger, string run, string mode, string agent, string title);
    }
}
