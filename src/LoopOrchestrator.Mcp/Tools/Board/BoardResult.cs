using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>
/// The answer of <c>show_board</c>: what a person has to look at first, in short. All its texts can be shown as they stand: what steers a
/// terminal, turns the direction of writing round or is half a character is written out in them.
/// </summary>
internal sealed record BoardResult
{
    private const int MaxLine = 300;

    // All sections together, with what stands beside them, are an answer that clients hand on whole.
    private const int QuestionBytes = 2500;

    // Of one text: the next one is tried where not even the first item of a section fits.
    private static readonly int[] Lengths = [600, 200, 60, 20];

    public required string Workspace { get; init; }

    public required DateTimeOffset Moment { get; init; }

    /// <summary>Whether programs of this workspace may be started.</summary>
    public required bool Trusted { get; init; }

    /// <summary>Whether a process fires its schedules.</summary>
    public required bool Fires { get; init; }

    public required IReadOnlyList<string> Attention { get; init; }

    /// <summary>Runs that wait for answers; <c>answer_run</c> gives them.</summary>
    public required IReadOnlyList<BoardQuestion> Questions { get; init; }

    /// <summary>Steps that stopped; <c>resolve_escalation</c> lets them go on.</summary>
    public required IReadOnlyList<BoardEscalation> Escalations { get; init; }

    public required IReadOnlyList<BoardRun> Running { get; init; }

    public required IReadOnlyList<BoardRun> Queued { get; init; }

    public required IReadOnlyList<BoardRun> Failed { get; init; }

    /// <summary>The schedules that are due next.</summary>
    public required IReadOnlyList<BoardSchedule> Due { get; init; }

    /// <summary>What is not in these lists, as in "3 more in queued".</summary>
    public string? Note { get; init; }

    /// <param name="status">The status.</param>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="now">The moment of it.</param>
    public static BoardResult From(WorkspaceStatus status, string workspace, DateTimeOffset now)
    {
        var notes = new List<string>();
        return new()
        {
            Workspace = Shown(workspace, MaxLine),
            Moment = now,
            Trusted = status.TrustGivenBy is not null,
            Fires = status.SchedulerProcess is not null,
            Attention = First("attention", status.Attention, Shown, BoardJson.Default.String, 1200, notes),
            Questions = First("questions", status.NeedInput, Question, BoardJson.Default.BoardQuestion, QuestionBytes, notes),
            Escalations = First("escalations", status.Escalations, Row, BoardJson.Default.BoardEscalation, 1200, notes),
            Running = First("running", status.Running, Row, BoardJson.Default.BoardRun, 800, notes),
            Queued = First("queued", status.Queued, Row, BoardJson.Default.BoardRun, 500, notes),
            Failed = First("failed", status.StillFailed, Row, BoardJson.Default.BoardRun, 700, notes),
            Due = First(
                "due",
                status
                    .Schedules.Where(static one => one.Schedule.Active && one.Paused is null && one.NextOccurrence is not null)
                    .OrderBy(static one => one.NextOccurrence),
                Row,
                BoardJson.Default.BoardSchedule,
                500,
                notes
            ),
            Note = notes.Count == 0 ? null : $"{string.Join(", ", notes)}; get_status, list_runs and list_schedules have the rest.",
        };
    }

    // A person answers what was read: all questions of a run are there as they were asked, or none.
    private static BoardQuestion Question(Run run, int longest)
    {
        var whole = new BoardQuestion(
            run.Id,
            Shown(run.Mode, Math.Min(longest, MaxLine)),
            Shown(RunTitle.Of(run.Task), Math.Min(longest, MaxLine)),
            [.. run.Questions.Select(PlainText.Lines)]
        );
        return AnswerLimits.Fitting([whole], BoardJson.Default.BoardQuestion, QuestionBytes, leastOne: false).Count == 1
            ? whole
            : whole with
            {
                Questions = [],
                Note = $"{run.Questions.Count} question(s), too long for here: answer with answer_run; get_run shows the questions.",
            };
    }

    private static BoardEscalation Row(Escalation one, int longest) =>
        new(
            one.Id,
            Shown(one.Reason, longest),
            one.Since,
            one.ScheduleId is { } id ? Shown(id, Math.Min(longest, MaxLine)) : null,
            Shown(one.Mode, Math.Min(longest, MaxLine))
        );

    private static BoardSchedule Row(ScheduleStatus one, int longest) =>
        new(
            Shown(one.Schedule.Id, Math.Min(longest, MaxLine)),
            Shown(one.Schedule.Name, Math.Min(longest, MaxLine)),
            Shown(one.Schedule.Mode, Math.Min(longest, MaxLine)),
            one.NextOccurrence!.Value
        );

    private static BoardRun Row(Run run, int longest) =>
        new(
            run.Id,
            run.State.Name(),
            Shown(run.Mode, Math.Min(longest, MaxLine)),
            Shown(run.AgentName(), Math.Min(longest, MaxLine)),
            Shown(RunTitle.Of(run.Task), Math.Min(longest, MaxLine)),
            run.EndedAt ?? run.StartedAt ?? run.CreatedAt,
            run.Reason is { } reason ? Shown(reason, Math.Min(longest, MaxLine)) : null
        );

    // Within its bytes whatever its texts are: where they are long, they are cut until one item at least is in.
    private static IReadOnlyList<T> First<TItem, T>(
        string name,
        IEnumerable<TItem> items,
        Func<TItem, int, T> show,
        JsonTypeInfo<T> type,
        int mostBytes,
        List<string> notes
    )
    {
        var all = items.ToList();
        IReadOnlyList<T> first = [];
        foreach (var longest in all.Count == 0 ? [] : Lengths)
        {
            first = AnswerLimits.Fitting(all.Select(item => show(item, longest)), type, mostBytes, leastOne: false);
            if (first.Count > 0)
            {
                break;
            }
        }

        if (first.Count < all.Count)
        {
            notes.Add($"{all.Count - first.Count} more in {name}");
        }

        return first;
    }

    private static string Shown(string text, int longest) => PlainText.Lines(TextCut.Shorten(text, longest));
}
