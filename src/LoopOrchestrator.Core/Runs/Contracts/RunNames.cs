using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>The names under which states, priorities and agent kinds are stored, shown and given: snake_case, as in the tools.</summary>
public static class RunNames
{
    /// <summary>What stands for a cycle where files and answers name a kind of agent.</summary>
    internal const string CycleName = "workflow";

    /// <summary>The state's name.</summary>
    public static string Name(this RunState state) =>
        state switch
        {
            RunState.Queued => "queued",
            RunState.Running => "running",
            RunState.Succeeded => "succeeded",
            RunState.Failed => "failed",
            RunState.TimedOut => "timed_out",
            RunState.Cancelled => "cancelled",
            RunState.Interrupted => "interrupted",
            RunState.NeedsInput => "needs_input",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
        };

    /// <summary>The priority's name.</summary>
    public static string Name(this RunPriority priority) =>
        priority switch
        {
            RunPriority.Schedule => "schedule",
            RunPriority.Todo => "todo",
            RunPriority.Normal => "normal",
            _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, message: null),
        };

    /// <summary>The origin's name.</summary>
    public static string Name(this RunOrigin origin) =>
        origin switch
        {
            RunOrigin.Request => "request",
            RunOrigin.Schedule => "schedule",
            RunOrigin.Trigger => "trigger",
            RunOrigin.Run => "run",
            RunOrigin.Cycle => "cycle",
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, message: null),
        };

    /// <summary>The kind's name.</summary>
    public static string Name(this AgentKind kind) =>
        kind switch
        {
            AgentKind.Handoff => "handoff",
            AgentKind.Command => "command",
            AgentKind.Cli => "cli",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    /// <summary>
    /// Who does a run, as files and answers have always said it: a cycle has its workflow's name in the place of an agent's.
    /// </summary>
    public static string AgentName(this Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Workflow ?? run.Agent ?? "";
    }

    /// <summary>What kind that is, in the same way: <c>workflow</c> for a cycle.</summary>
    public static string AgentKindName(this Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.AgentKind?.Name() ?? CycleName;
    }

    /// <summary>The failure's name.</summary>
    public static string Name(this RunFailure failure) =>
        failure switch
        {
            RunFailure.Work => "work",
            RunFailure.Configuration => "configuration",
            RunFailure.Recording => "recording",
            RunFailure.UsageLimit => "usage_limit",
            RunFailure.Budget => "budget",
            RunFailure.Lease => "lease",
            RunFailure.Refused => "refused",
            RunFailure.SignIn => "sign_in",
            RunFailure.Service => "service",
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, message: null),
        };

    /// <summary>The lease's kind's name.</summary>
    public static string Name(this LeaseKind kind) =>
        kind switch
        {
            Contracts.LeaseKind.Claim => "claim",
            Contracts.LeaseKind.Client => "client",
            Contracts.LeaseKind.Agent => "agent",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    /// <summary>Whether nothing more happens to a run in this state by itself.</summary>
    public static bool HasEnded(this RunState state) => state is not (RunState.Queued or RunState.Running);

    /// <summary>The state of that name, or <see langword="null"/>.</summary>
    public static RunState? State(string? name) => Find(Enum.GetValues<RunState>(), name, Name);

    /// <summary>The priority of that name, or <see langword="null"/>.</summary>
    public static RunPriority? Priority(string? name) => Find(Enum.GetValues<RunPriority>(), name, Name);

    /// <summary>The kind of that name, or <see langword="null"/>.</summary>
    public static AgentKind? Kind(string? name) => Find(Enum.GetValues<AgentKind>(), name, Name);

    /// <summary>The failure of that name, or <see langword="null"/>.</summary>
    public static RunFailure? Failure(string? name) => Find(Enum.GetValues<RunFailure>(), name, Name);

    /// <summary>The kind of lease of that name, or <see langword="null"/>.</summary>
    public static LeaseKind? LeaseKind(string? name) => Find(Enum.GetValues<LeaseKind>(), name, Name);

    /// <summary>The origin of that name; <see langword="null"/> for none.</summary>
    public static RunOrigin? Origin(string? name) => Find(Enum.GetValues<RunOrigin>(), name, Name);

    private static T? Find<T>(T[] values, string? name, Func<T, string> nameOf)
        where T : struct
    {
        foreach (var value in values)
        {
            if (string.Equals(nameOf(value), name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
