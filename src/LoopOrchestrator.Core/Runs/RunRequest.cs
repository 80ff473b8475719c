using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs;

/// <summary>A piece of work that is asked for.</summary>
/// <param name="Mode">The mode's slug.</param>
/// <param name="Task">What is to be done.</param>
public sealed record RunRequest(string Mode, string Task)
{
    /// <summary>The longest task in characters.</summary>
    public const int MaxTaskLength = 64 * 1024;

    /// <summary>The agent, when not the mode's own.</summary>
    public string? Agent { get; init; }

    /// <summary>What it is for; normal by default.</summary>
    public RunPriority Priority { get; init; } = RunPriority.Normal;

    /// <summary>Its time limit in seconds, 1 to 86,400; the workspace's default when not given.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Why a run of priority todo may have more than 3,600 s; recorded with the run. Only for that priority.</summary>
    public string? TimeoutExemption { get; init; }

    /// <summary>The run that asks for it.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The workflow of which it is to be a cycle; a single run when not given. Its agent is not asked for then.</summary>
    public string? Workflow { get; init; }

    /// <summary>Who asks. A hand-off that is taken at once is held by that client.</summary>
    public RunCaller Caller { get; init; } = RunCaller.Unknown;

    /// <summary>Whether a hand-off waits in the queue for whoever claims it, instead of being the caller's at once.</summary>
    public bool QueuesHandOff { get; init; }

    /// <summary>
    /// By what the call is known when it is repeated: then nothing is started, and the answer is the run that it has started, as it stands.
    /// A hand-off that the call has given to its caller is given to him again, with the same lease token, as long as it is his; what waits
    /// again becomes his again.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>The schedule that it is for.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>What its run is called; after its task when not given.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// The work of a run once more: the same task by the same agent within the same limits, for nobody's run and no schedule. A hand-off of
    /// it waits in the queue for whoever claims it.
    /// </summary>
    /// <param name="run">The run; one of a schedule is triggered instead, and a part of other work has no sense by itself.</param>
    public static RunRequest Again(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunRequest(run.Mode, run.Task)
        {
            Agent = run.Agent,
            Priority = run.Priority == RunPriority.Schedule ? RunPriority.Normal : run.Priority,
            TimeoutSeconds = run.TimeoutSeconds,

            // Why it was given so long is told where it was asked for first.
            TimeoutExemption = run is { Priority: RunPriority.Todo, TimeoutSeconds: > TodoLimit.Seconds }
                ? $"{run.Id}, which is asked for again, had as long"
                : null,
            Workflow = run.Workflow,
            Title = run.Title,
            QueuesHandOff = true,
        };
    }

    /// <summary>The key of the call; <see langword="null"/> without a request id.</summary>
    internal RequestKey? Key() =>
        RequestKey.Of(
            Workflow is null ? "run_mode" : "cycles start",
            RequestId,
            ("mode", Mode),
            ("task", Task),
            ("agent", Agent),
            ("priority", Priority.Name()),
            ("timeout_seconds", TimeoutSeconds),
            ("timeout_exemption", TimeoutExemption),
            ("parent_run_id", ParentRunId),
            ("workflow", Workflow),
            ("waits", QueuesHandOff)
        );
}
