using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>The open starts that the index knows: all of them in memory when they are few, else asked for one by one.</summary>
internal sealed class OpenStartsBefore
{
    /// <summary>Before the first line of the file.</summary>
    public static readonly OpenStartsBefore None = new(null, TimingCheckpoint.Start(0), []);

    private readonly TimingIndex? _index;
    private readonly TimingCheckpoint _checkpoint;
    private readonly Dictionary<string, TimingEntry>? _held;

    private OpenStartsBefore(TimingIndex? index, TimingCheckpoint checkpoint, Dictionary<string, TimingEntry>? held)
    {
        _index = index;
        _checkpoint = checkpoint;
        _held = held;
    }

    /// <summary>The byte after the last line that they follow from.</summary>
    public long Offset => _checkpoint.Offset;

    /// <summary>What reading on needs to know of the lines up to there.</summary>
    public TimingLinesState Lines => _checkpoint.Lines;

    /// <summary>Brings the index near the end of the file where it is not, and begins there.</summary>
    /// <exception cref="IndexUnavailableException">The index cannot be used now.</exception>
    public static OpenStartsBefore Load(TimingIndex index, IndexedFile file)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                if (
                    index.Read(
                        (tables, checkpoint) =>
                            index.IsNear(file, checkpoint, isCaughtUp: isSecond) ? Load(index, file, tables, checkpoint) : null
                    ) is
                    { } loaded
                )
                {
                    return loaded;
                }

                if (!isSecond)
                {
                    index.CatchUp(file, file.Length);
                }
            }
            catch (StaleIndexException) when (!isSecond)
            {
                index.CatchUp(file, file.Length, anew: true);
            }
            catch (StaleIndexException)
            {
                return None;
            }

            if (isSecond)
            {
                return None;
            }
        }
    }

    /// <summary>The open start with this id.</summary>
    /// <exception cref="IndexUnavailableException">The index cannot be asked, or was filled anew in the meantime.</exception>
    public TimingEntry? Find(string taskId) =>
        _held is not null
            ? _held.GetValueOrDefault(taskId)
            : Ask((tables, file) => tables.FindStart(taskId) is { } row ? Entry(tables, file, row) : null);

    /// <summary>The latest open starts of a task and a mode, and how many there are.</summary>
    /// <param name="task">Exactly this task; any when <see langword="null"/>.</param>
    /// <param name="mode">Exactly this mode; any when <see langword="null"/>.</param>
    /// <param name="except">Ids that are passed over.</param>
    /// <param name="most">How many are returned.</param>
    /// <exception cref="IndexUnavailableException">The index cannot be asked, or was filled anew in the meantime.</exception>
    public (IReadOnlyList<TimingEntry> Latest, int Count) Fitting(string? task, string? mode, IReadOnlySet<string> except, int most)
    {
        if (_held is not null)
        {
            var fitting = _held
                .Values.Where(start =>
                    !except.Contains(start.TaskId)
                    && (task is null || string.Equals(start.Task, task, StringComparison.Ordinal))
                    && (mode is null || string.Equals(start.Mode, mode, StringComparison.Ordinal))
                )
                .OrderBy(static start => start.StartTime)
                .ThenBy(static start => start.Line)
                .ToList();
            return ([.. fitting.TakeLast(most)], fitting.Count);
        }

        return Ask<(IReadOnlyList<TimingEntry>, int)>(
            (tables, file) =>
            {
                var modes = mode is null
                    ? null
                    : tables
                        .Names(ITimingTables.ModeNames)
                        .Index()
                        .Where(name => string.Equals(name.Item, mode, StringComparison.Ordinal))
                        .Select(static name => name.Index)
                        .ToHashSet();
                var filter = new TimingFilter(modes, Task: task, WithId: true);
                var passedOver = except
                    .Select(tables.FindStart)
                    .OfType<OpenRow>()
                    .Select(row => Entry(tables, file, row))
                    .Count(start =>
                        (task is null || string.Equals(start.Task, task, StringComparison.Ordinal))
                        && (mode is null || string.Equals(start.Mode, mode, StringComparison.Ordinal))
                    );
                var latest = tables
                    .Starts(filter, latestFirst: true, most + except.Count)
                    .Where(start => !except.Contains(start.Key))
                    .Take(most)
                    .Select(start => Entry(tables, file, start.Value));
                return ([.. latest], tables.CountStarts(filter) - passedOver);
            }
        );
    }

    private static OpenStartsBefore Load(TimingIndex index, IndexedFile file, ITimingTables tables, TimingCheckpoint checkpoint)
    {
        if (checkpoint.Starts > index.Limits.HeldStarts)
        {
            return new OpenStartsBefore(index, checkpoint, held: null);
        }

        var held = new Dictionary<string, TimingEntry>(StringComparer.Ordinal);
        foreach (var (id, row) in tables.Starts(new TimingFilter(WithId: true), latestFirst: false, int.MaxValue))
        {
            held.Add(id, Entry(tables, file, row));
        }

        return new OpenStartsBefore(null, checkpoint, held);
    }

    private static TimingEntry Entry(ITimingTables tables, IndexedFile file, OpenRow row)
    {
        var start = TimingPairing.AsStart(file.Row(new Place(row.Offset, row.Line, TimingEntryKind.Start), tables.Header(row.Offset)));
        return start.StartTime?.UtcTicks == row.Start ? start : throw new StaleIndexException();
    }

    private T Ask<T>(Func<ITimingTables, IndexedFile, T> ask)
    {
        try
        {
            using var file = _index!.OpenAll() ?? throw new StaleIndexException();
            var answer = _index!.Read(
                (tables, checkpoint) =>
                    (
                        IsTheSame: checkpoint.Generation == _checkpoint.Generation && checkpoint.Offset >= _checkpoint.Offset,
                        Answer: checkpoint.Generation == _checkpoint.Generation && checkpoint.Offset >= _checkpoint.Offset
                            ? ask(tables, file)
                            : default
                    )
            );
            return answer.IsTheSame ? answer.Answer! : throw new StaleIndexException();
        }
        catch (StaleIndexException exception)
        {
            throw new IndexUnavailableException("The index was filled anew.", exception);
        }
    }
}
