using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>What the lines after a checkpoint add to the index: either entered there or only laid over it for one report.</summary>
internal sealed class TimingDelta
{
    private readonly TimingCheckpoint _from;
    private string _file;
    private readonly TimingLines _lines;
    private readonly TimingPairing _pairing;
    private long _offset;
    private int _unmatched;

    /// <summary>Begins after a checkpoint.</summary>
    /// <param name="from">The checkpoint.</param>
    /// <param name="tables">The index at this checkpoint.</param>
    /// <param name="file">The name in findings of the file that the next line belongs to.</param>
    /// <param name="fileStart">Where that file begins.</param>
    public TimingDelta(TimingCheckpoint from, ITimingTables tables, string file, long fileStart)
    {
        _from = from;
        _file = file;
        _offset = from.Offset;
        _lines = new TimingLines(file, Diagnostics, from.Lines);
        Starts = new IndexedStarts(from.Starts > 0 ? tables.FindStart : null, fileStart);
        Modes = new NumberedNames(tables.Names(ITimingTables.ModeNames));
        Priorities = new NumberedNames(tables.Names(ITimingTables.PriorityNames));
        Tasks = new TaskNumbers(from.Tasks, tables.FindTask);
        _pairing = new TimingPairing(Starts);
    }

    /// <summary>What was found in these lines, in their order.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Complete intervals.</summary>
    public List<Interval> Intervals { get; } = [];

    /// <summary>Where the rows of <see cref="Intervals"/> stand.</summary>
    public List<Place> Places { get; } = [];

    /// <summary>Lines that name the columns, by their offset.</summary>
    public List<KeyValuePair<long, string>> Headers { get; } = [];

    /// <summary>Open starts.</summary>
    public IndexedStarts Starts { get; }

    /// <summary>All modes.</summary>
    public NumberedNames Modes { get; }

    /// <summary>All priorities.</summary>
    public NumberedNames Priorities { get; }

    /// <summary>All tasks.</summary>
    public TaskNumbers Tasks { get; }

    /// <summary>The checkpoint that these lines lead to.</summary>
    public TimingCheckpoint Reached =>
        _from with
        {
            Offset = _offset,
            Lines = _lines.State,
            Intervals = _from.Intervals + Intervals.Count,
            Tasks = Tasks.Count,
            Diagnostics = _from.Diagnostics + Diagnostics.Count,
            Unmatched = _from.Unmatched + _unmatched,
            Starts = _from.Starts + Starts.Opened.Count() - Starts.Closed.Count(),
        };

    /// <summary>The next line is the first one of a file.</summary>
    public void BeginFile(string name)
    {
        _file = name;
        _lines.BeginFile(name);
        Starts.BeginFile(_offset);
        if (_offset > 0)
        {
            // No header of the files before is in force any more; at that offset there is only a line feed.
            Headers.Add(KeyValuePair.Create(_offset - 1, ""));
        }
    }

    /// <summary>Takes the next line.</summary>
    public void Add(ReadOnlySpan<byte> line, long length)
    {
        var (headers, repaired) = (_lines.Headers, _lines.Repaired);
        Starts.Offset = _offset;
        if (_lines.Next(line, length) is { } row)
        {
            var entry = _pairing.Add(row, out var oddity);
            if (oddity is not null)
            {
                Diagnostics.Add(TimingLogReader.Odd(_file, entry.Line, oddity));
                _lines.Repaired = repaired + 1;
            }

            Take(entry);
        }
        else if (_lines.Headers > headers)
        {
            Headers.Add(KeyValuePair.Create(_offset, _lines.State.Header!));
        }

        _offset += length + 1;
    }

    private void Take(TimingEntry entry)
    {
        if (entry.IsComplete)
        {
            Intervals.Add(
                new Interval(
                    entry.StartTime!.Value.UtcTicks,
                    entry.EndTime!.Value.UtcTicks,
                    entry.DurationSeconds!.Value,
                    Modes.Number(entry.Mode),
                    Priorities.Number(entry.Priority),
                    Tasks.Number(entry.Task)
                )
            );
            Places.Add(new Place(_offset, entry.Line, entry.Kind));
        }
        else if (entry.Kind == TimingEntryKind.UnmatchedClose)
        {
            _unmatched++;
        }
    }
}
