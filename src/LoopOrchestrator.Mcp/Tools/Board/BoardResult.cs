using System.Text.Json.Serialization.Metadata;
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
    private const int MaxText = 600;

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
            Attention = First(
                "attention",
                status.Attention.Select(static text => Shown(text, MaxText)),
                BoardJson.Default.String,
                1500,
                notes
            ),
            Questions = First(
                "questions",
                status.NeedInput.Select(static run => new BoardQuestion(
                    run.Id,
                    Shown(run.Mode, MaxLine),
                    Shown(RunTitle.Of(run.Task), MaxLine),
                    [.. run.Questions.Select(static question => Shown(question, MaxText))]
                )),
                BoardJson.Default.BoardQuestion,
                2500,
                notes
            ),
            Escalations = First(
                "escalations",
                status.Escalations.Select(static one => new BoardEscalation(
                    one.Id,
                    Shown(one.Reason, MaxText),
                    one.Since,
                    one.ScheduleId is { } id ? Shown(id, MaxLine) : null,
                    Shown(one.Mode, MaxLine)
                )),
                BoardJson.Default.BoardEscalation,
                1500,
                notes
            ),
            Running = First("running", status.Running.Select(Row), BoardJson.Default.BoardRun, 1000, notes),
            Queued = First("queued", status.Queued.Select(Row), BoardJson.Default.BoardRun, 700, notes),
            Failed = First("failed", status.StillFailed.Select(Row), BoardJson.Default.BoardRun, 1000, notes),
            Due = First(
                "due",
                status
                    .Schedules.Where(static one => one.Schedule.Active && one.Paused is null && one.NextOccurrence is not null)
                    .OrderBy(static one => one.NextOccurrence)
                    .Select(static one => new BoardSchedule(
                        Shown(one.Schedule.Id, MaxLine),
                        Shown(one.Schedule.Name, MaxLine),
                        Shown(one.Schedule.Mode, MaxLine),
                        one.NextOccurrence!.Value
                    )),
                BoardJson.Default.BoardSchedule,
                700,
                notes
            ),
            Note = notes.Count == 0 ? null : $"{string.Join(", ", notes)}; get_status, list_runs and list_schedules have the rest.",
        };
    }

    private static BoardRun Row(Run run) =>
        new(
            run.Id,
            run.State.Name(),
            Shown(run.Mode, MaxLine),
            Shown(run.AgentName(), MaxLine),
            Shown(RunTitle.Of(run.Task), MaxLine),
            run.EndedAt ?? run.StartedAt ?? run.CreatedAt,
            run.Reason is { } reason ? Shown(reason, MaxLine) : null
        );

    private static IReadOnlyList<T> First<T>(string name, IEnumerable<T> items, JsonTypeInfo<T> type, int mostBytes, List<string> notes)
    {
        var all = items.ToList();
        var first = AnswerLimits.Fitting(all, type, mostBytes);
        if (first.Count < all.Count)
        {
            notes.Add($"{all.Count - first.Count} more in {name}");
        }

        return first;
    }

    private static string Shown(string text, int longest) => PlainText.Lines(TextCut.Shorten(text, longest));
}
