namespace LoopOrchestrator.Core.Text;

/// <summary>
/// The names of tools in sentences of ours, each with a mark in front of it. A client reads the sentence without the marks
/// (<see cref="Plain"/>); at a terminal a command takes the place of what is marked, and of nothing else: the same word in an id or a
/// title is somebody's own.
/// </summary>
public static class ToolNames
{
    /// <summary>A code point that is reserved for use inside a program, so that no text from outside has a reason to hold it.</summary>
    public const string Mark = "\uFDD0";

    /// <summary><c>answer_run</c>, marked.</summary>
    public const string AnswerRun = Mark + "answer_run";

    /// <summary><c>cancel_cycle</c>, marked.</summary>
    public const string CancelCycle = Mark + "cancel_cycle";

    /// <summary><c>cancel_run</c>, marked.</summary>
    public const string CancelRun = Mark + "cancel_run";

    /// <summary><c>claim_run</c>, marked.</summary>
    public const string ClaimRun = Mark + "claim_run";

    /// <summary><c>complete_run</c>, marked.</summary>
    public const string CompleteRun = Mark + "complete_run";

    /// <summary><c>get_run</c>, marked.</summary>
    public const string GetRun = Mark + "get_run";

    /// <summary><c>get_status</c>, marked.</summary>
    public const string GetStatus = Mark + "get_status";

    /// <summary><c>list_cycles</c>, marked.</summary>
    public const string ListCycles = Mark + "list_cycles";

    /// <summary><c>list_modes</c>, marked.</summary>
    public const string ListModes = Mark + "list_modes";

    /// <summary><c>list_runs</c>, marked.</summary>
    public const string ListRuns = Mark + "list_runs";

    /// <summary><c>resolve_escalation</c>, marked.</summary>
    public const string ResolveEscalation = Mark + "resolve_escalation";

    /// <summary><c>run_mode</c>, marked.</summary>
    public const string RunMode = Mark + "run_mode";

    /// <summary><c>trigger_schedule</c>, marked.</summary>
    public const string TriggerSchedule = Mark + "trigger_schedule";

    /// <summary>The sentence as a client reads it.</summary>
    public static string Plain(string sentence) => sentence.Replace(Mark, string.Empty, StringComparison.Ordinal);
}
