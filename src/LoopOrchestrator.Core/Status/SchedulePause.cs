using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>The pause that a schedule is in.</summary>
/// <param name="Since">Since when.</param>
/// <param name="By">What kind of cause it has; <see langword="null"/> where that was not kept.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="IsOfAll">Whether all schedules are paused, and not this one by itself.</param>
/// <param name="Until">When it ends by itself; <see langword="null"/> for one that lasts until somebody ends it.</param>
internal sealed record SchedulePause(DateTimeOffset Since, PausedBy? By, string? Reason, bool IsOfAll, DateTimeOffset? Until)
{
    /// <summary>
    /// The pause that a state says of; <see langword="null"/> for none, and for one whose end has come and that no server has ended yet.
    /// </summary>
    public static SchedulePause? Of(ScheduleState state, bool isOfAll, DateTimeOffset now) =>
        state.PausedAt is { } since && !(state.PausedUntil <= now)
            ? new SchedulePause(since, state.PausedBy, state.PausedReason, isOfAll, state.PausedUntil)
            : null;

    /// <summary>It in words, to stand behind the schedule's name; names of tools are marked (<see cref="ToolNames"/>).</summary>
    public string Describe()
    {
        var by = By switch
        {
            PausedBy.Person => " by hand",
            PausedBy.Escalation => " by an escalation",
            PausedBy.Budget => " by its budget",
            _ => "",
        };
        var until = Until is { } end ? $" until {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "";
        var told = By == PausedBy.Escalation && Reason is { } kept ? EscalationRules.Marked(kept) : Reason;
        var reason = string.IsNullOrEmpty(told) ? "" : $": {told}";
        return $"is paused{by}{(IsOfAll ? ", with all schedules," : "")} since {Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{until}{reason}";
    }
}
