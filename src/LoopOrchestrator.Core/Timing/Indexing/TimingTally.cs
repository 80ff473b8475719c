using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Sums up intervals by everything in one pass. They come from the last to the first, so that those listed first are mostly met first.
/// </summary>
internal sealed class TimingTally
{
    private readonly TimingFilter _filter;
    private readonly bool[] _modes;
    private readonly bool[] _priorities;
    private readonly long _longerThan;
    private readonly Sum[] _byMode;
    private readonly Sum[] _byPriority;
    private readonly Sum[] _byTask;
    private readonly Sum[] _byLength = new Sum[DurationRanges.Count];
    private readonly Dictionary<int, Sum> _byDay = [];

    /// <summary>Begins with nothing.</summary>
    public TimingTally(TimingReportOptions options, TimingFilter filter, int modes, int priorities, int tasks)
    {
        _filter = filter;
        _modes = Wanted(filter.Modes, modes);
        _priorities = Wanted(filter.Priorities, priorities);
        _longerThan = options.LongerThanSeconds;
        (_byMode, _byPriority, _byTask) = (new Sum[modes], new Sum[priorities], new Sum[tasks]);
        (Latest, Longest) = (new BestOf(options.Limit), new BestOf(options.Limit));
    }

    /// <summary>How many fit.</summary>
    public int Count { get; private set; }

    /// <summary>Their time.</summary>
    public long Seconds { get; private set; }

    /// <summary>How many are longer than asked for.</summary>
    public int LongCount { get; private set; }

    /// <summary>Those that ended last.</summary>
    public BestOf Latest { get; }

    /// <summary>Those that took longest, of the longer ones.</summary>
    public BestOf Longest { get; }

    /// <summary>Takes intervals.</summary>
    /// <param name="first">The number of the first one.</param>
    /// <param name="intervals">The intervals in the order of the file.</param>
    public void Add(int first, ReadOnlySpan<Interval> intervals)
    {
        for (var index = intervals.Length - 1; index >= 0; index--)
        {
            ref readonly var interval = ref intervals[index];
            if (interval.Start < _filter.From || interval.Start >= _filter.To || !_modes[interval.Mode] || !_priorities[interval.Priority])
            {
                continue;
            }

            var number = first + index;
            var seconds = interval.Seconds;
            Count++;
            Seconds += seconds;
            _byMode[interval.Mode].Add(number, seconds);
            _byPriority[interval.Priority].Add(number, seconds);
            _byTask[interval.Task].Add(number, seconds);
            _byLength[DurationRanges.IndexOf(seconds)].Add(number, seconds);
            CollectionsMarshal.GetValueRefOrAddDefault(_byDay, (int)(interval.Start / TimeSpan.TicksPerDay), out _).Add(number, seconds);
            Latest.Add(number, interval.End);
            if (seconds > _longerThan)
            {
                LongCount++;
                Longest.Add(number, seconds);
            }
        }
    }

    /// <summary>The modes with the most time.</summary>
    public List<TimingTotal> ByMode(int limit, NumberedNames names) =>
        [.. Best(_byMode, limit).Select(best => _byMode[best].Total(names.All[best]))];

    /// <summary>The priorities with the most time.</summary>
    public List<TimingTotal> ByPriority(int limit, NumberedNames names) =>
        [.. Best(_byPriority, limit).Select(best => _byPriority[best].Total(names.All[best]))];

    /// <summary>The tasks with the most time.</summary>
    /// <param name="limit">How many at the most.</param>
    /// <param name="text">Gets the number of an interval of the task, and returns its text.</param>
    public List<TimingTotal> ByTask(int limit, Func<int, string> text) =>
        [.. Best(_byTask, limit).Select(best => _byTask[best].Total(text(_byTask[best].First)))];

    /// <summary>All ranges of lengths, the shortest first.</summary>
    public List<TimingTotal> ByLength() => [.. _byLength.Select(static (sum, range) => sum.Total(DurationRanges.Label(range)))];

    /// <summary>The latest days.</summary>
    public List<TimingTotal> ByDay(int limit) =>
        [
            .. _byDay
                .OrderByDescending(static day => day.Key)
                .Take(limit)
                .Select(static day =>
                    day.Value.Total(TimingReport.DayOf(new DateTimeOffset(day.Key * TimeSpan.TicksPerDay, TimeSpan.Zero)))
                ),
        ];

    private static bool[] Wanted(IReadOnlyCollection<int>? numbers, int count)
    {
        var wanted = new bool[count];
        Array.Fill(wanted, numbers is null);
        foreach (var number in numbers ?? [])
        {
            wanted[number] = true;
        }

        return wanted;
    }

    private static IEnumerable<int> Best(Sum[] sums, int limit)
    {
        var best = new BestOf(limit);
        for (var number = 0; number < sums.Length; number++)
        {
            if (sums[number].Count > 0)
            {
                // Known by the interval that comes first, so that equal sums stand in the order of the file.
                best.Add(sums[number].First, sums[number].Seconds);
            }
        }

        var firsts = best.Take();
        var owners = firsts.ToDictionary(static first => first, static _ => -1);
        for (var number = 0; number < sums.Length; number++)
        {
            if (sums[number].Count > 0 && owners.ContainsKey(sums[number].First))
            {
                owners[sums[number].First] = number;
            }
        }

        return firsts.Select(first => owners[first]);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Sum
    {
        public int Count;
        public int First;
        public long Seconds;

        public void Add(int number, long seconds)
        {
            Count++;
            First = number;
            Seconds += seconds;
        }

        public readonly TimingTotal Total(string key) => new(key, Count, Seconds);
    }
}
