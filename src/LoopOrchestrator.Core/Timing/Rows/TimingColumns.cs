namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Decides which column each text of a row belongs to. The canonical reading goes first, so that rows of ours are never guessed at;
/// then the ways in which real files were found to be off, each recognised by where moments and numbers stand.
/// </summary>
internal static class TimingColumns
{
    private static readonly string[] StatusWords =
    [
        "started",
        "completed",
        "in_progress",
        "failed",
        "cancelled",
        "timed_out",
        "interrupted",
        "succeeded",
    ];
    private static readonly string[] PriorityWords = ["schedule", "todo", "normal", "high", "medium", "low", "orchestrator"];

    /// <summary>Arranges a row, or returns <see langword="null"/> when no reading of it is certain.</summary>
    /// <param name="f">The row's fields.</param>
    /// <param name="expected">How many columns the header has.</param>
    public static TimingFields? Arrange(string[] f, int expected)
    {
        if (f.Length >= 7 && IsMoment(f[0]) && IsCanonicalBody(f))
        {
            return Canonical(f, f[0], expected);
        }

        if (f.Length >= 7 && TimingTime.ParseUnix(f[0]) is { } unix && IsCanonicalBody(f))
        {
            return Canonical(f, TimingTime.Format(unix), expected) is { } fields
                ? fields with
                {
                    Repair = Join("the timestamp is in Unix seconds", fields.Repair),
                }
                : null;
        }

        return ModeMissing(f) ?? SixColumns(f) ?? IdFirst(f);
    }

    private static bool IsCanonicalBody(string[] f) =>
        !IsMoment(f[1]) && IsMomentOrEmpty(f[3]) && IsMomentOrEmpty(f[4]) && IsNumberOrEmpty(f[5]) && !(IsMoment(f[2]) && f[3].Length == 0);

    private static TimingFields? Canonical(string[] f, string timestamp, int expected)
    {
        var extra = f.Length > 9 && f[9..].Any(text => text.Length > 0);
        if (extra)
        {
            return TimingPriority.IsKnown(f[^1])
                ? new(
                    timestamp,
                    f[1],
                    f[2],
                    f[3],
                    f[4],
                    f[5],
                    string.Join('\t', f[6..^2]),
                    f[^2],
                    f[^1],
                    $"{f.Length} columns: the task has tabs in it"
                )
                : null;
        }

        var (task, result, priority) = (f[6], At(f, 7), At(f, 8));
        var repair =
            f.Length < Math.Min(expected, 9) ? $"{f.Length} columns under a header of {expected}: the last ones are read as empty" : null;
        if (priority.Length == 0 && IsStatus(task))
        {
            // Rows of ours always have a priority, so a task that is called "completed" is not taken for a result.
            if (IsPriority(result))
            {
                return new(
                    timestamp,
                    f[1],
                    f[2],
                    f[3],
                    f[4],
                    f[5],
                    "",
                    task,
                    result,
                    Join("the task is missing and what follows it stands one column to the left", repair)
                );
            }

            if (result.Length > 0 && !IsStatus(result))
            {
                return new(timestamp, f[1], f[2], f[3], f[4], f[5], result, task, "", Join("task and result are swapped", repair));
            }
        }

        return new(timestamp, f[1], f[2], f[3], f[4], f[5], task, result, priority, repair);
    }

    /// <summary>timestamp, id, start, end, duration, task, result[, priority].</summary>
    private static TimingFields? ModeMissing(string[] f) =>
        f.Length >= 6
        && IsMoment(f[0])
        && f[1].Length > 0
        && !IsMoment(f[1])
        && IsMoment(f[2])
        && IsMomentOrEmpty(f[3])
        && IsNumberOrEmpty(f[4])
        && AllEmpty(f, 8)
            ? new(
                f[0],
                "",
                f[1],
                f[2],
                f[3],
                f[4],
                f[5],
                At(f, 6),
                At(f, 7),
                "the mode is missing and what follows it stands one column to the left"
            )
            : null;

    /// <summary>id, start, end, duration, task, result: the oldest form, sometimes filled up with empty columns.</summary>
    private static TimingFields? SixColumns(string[] f)
    {
        var isSix =
            f.Length >= 5
            && f[0].Length > 0
            && !IsMoment(f[0])
            && IsMoment(f[1])
            && IsMomentOrEmpty(f[2])
            && IsNumberOrEmpty(f[3])
            && f[4].Length > 0
            && !IsMoment(f[4])
            && AllEmpty(f, 6);
        return isSix
            ? new(
                f[1],
                "",
                f[0],
                f[1],
                f[2],
                f[3],
                f[4],
                At(f, 5),
                "",
                "six columns in the oldest order: id, start, end, duration, task, result"
            )
            : null;
    }

    /// <summary>id, timestamp, nothing, start, end, duration, task, result: the id took the timestamp's place.</summary>
    private static TimingFields? IdFirst(string[] f) =>
        f.Length >= 7
        && f[0].Length > 0
        && !IsMoment(f[0])
        && IsMoment(f[1])
        && !IsMoment(f[2])
        && IsMomentOrEmpty(f[3])
        && IsMomentOrEmpty(f[4])
        && IsNumberOrEmpty(f[5])
        && AllEmpty(f, 9)
            ? new(
                f[1],
                f[2],
                f[0],
                f[3],
                f[4],
                f[5],
                f[6],
                At(f, 7),
                At(f, 8),
                "the id stands in the first column and the time in the second"
            )
            : null;

    private static string Join(string repair, string? more) => more is null ? repair : $"{repair}; {more}";

    private static string At(string[] f, int index) => index < f.Length ? f[index] : "";

    private static bool AllEmpty(string[] f, int from) => f.Length <= from || f[from..].All(text => text.Length == 0);

    private static bool IsMoment(string text) => TimingTime.Parse(text) is not null;

    private static bool IsMomentOrEmpty(string text) => text.Length == 0 || IsMoment(text);

    private static bool IsNumberOrEmpty(string text) => text.Length == 0 || TimingTime.ParseSeconds(text) is not null;

    private static bool IsStatus(string text) => StatusWords.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool IsPriority(string text) => PriorityWords.Contains(text, StringComparer.OrdinalIgnoreCase);
}
