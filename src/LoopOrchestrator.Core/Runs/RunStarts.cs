using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Reading;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Starts runs that were just taken from the queue, or ends those that cannot be started. Safe for many threads.</summary>
/// <param name="agents">Which programs do the work.</param>
/// <param name="row">Writes the start row.</param>
/// <param name="launcher">Starts the work.</param>
/// <param name="finisher">Ends what could not be started.</param>
/// <param name="schedules">The schedules, whose names are told.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told, under the name of who takes the runs.</param>
internal sealed partial class RunStarts(
    RunAgents agents,
    RunStartRow row,
    RunLauncher launcher,
    RunFinisher finisher,
    ScheduleSource schedules,
    TimeProvider time,
    ILogger<RunDispatcher> logger
)
{
    /// <summary>What is recorded of a run that is about to be taken.</summary>
    /// <param name="run">The run.</param>
    /// <param name="start">Its start, of which the hash is kept.</param>
    /// <param name="limits">How many may run at once.</param>
    /// <param name="now">The moment.</param>
    public RunStart Of(Run run, SupervisorStart start, RunLimits limits, DateTimeOffset now) =>
        new(now)
        {
            Executor = ProcessIdentity.Current.ToString(),
            MaxRunning = limits.ConcurrentRuns,
            IsSubRun = run.ParentRunId is not null,
            Command = agents.Describe(run.AgentName()),
            SecretHash = start.Hash,
            LeaseKind = LeaseKind.Agent,
            LeaseToken = run.AgentKind == AgentKind.Cli ? LeaseTokens.Create() : null,
        };

    /// <summary>
    /// Begins a run that was taken. Not to be cut short: it is started or failed, never left half way by the end of this server.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="basis">Its mode and agent as they were seen.</param>
    /// <param name="start">The start whose hash is recorded.</param>
    public async Task BeginAsync(Run run, RunBasis basis, SupervisorStart start)
    {
        var title = Title(run);
        try
        {
            if (run.StopRowPending)
            {
                await finisher.WriteOwedFilesAsync(run.Id);
            }

            await row.WriteAsync(run, title);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            await EndUnstartedAsync(
                run,
                $"it was not started, because its start could not be recorded: {exception.Message}",
                RunFailure.Recording
            );
            return;
        }

        try
        {
            await launcher.LaunchAsync(run, basis, start);
            Log.RunStarted(logger, run.Id, run.Mode, run.AgentName(), title);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            // What the configuration names is missing or wrong; anything else is something that the system did not have at this moment.
            var isConfiguration = exception is UserErrorException and not SupervisorNotStartedException;
            await EndUnstartedAsync(
                run,
                $"it could not be started: {exception.Message}",
                isConfiguration ? RunFailure.Configuration : RunFailure.Recording
            );
        }
    }

    private Task EndUnstartedAsync(Run run, string reason, RunFailure failure) =>
        finisher.EndUnstartedAsync(
            run.Id,
            new RunEnd(RunState.Failed, time.GetUtcNow(), reason) { Failure = failure, Attempt = run.Attempt }
        );

    private string Title(Run run) => RunTitles.OfSchedule(run, schedules.Schedules) ?? RunTitle.Of(run.Task);

    private static partial class Log
    {
        [LoggerMessage(LogEvents.RunStarted, LogLevel.Information, "{Run} ({Mode}) started with agent {Agent}: {Title}")]
        public static partial void RunStarted(ILogger logger, string run, string mode, string agent, string title);
    }
}
