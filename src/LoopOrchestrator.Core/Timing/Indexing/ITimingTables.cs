using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>What an index says of the log at one moment. Not safe for many threads, and of use within the call only that got it.</summary>
internal interface ITimingTables
{
    /// <summary>Which names are modes.</summary>
    const int ModeNames = 0;

    /// <summary>Which names are priorities.</summary>
    const int PriorityNames = 1;

    /// <summary>Gets intervals one after the other.</summary>
    delegate void ChunkAction(int first, ReadOnlySpan<Interval> intervals);

    /// <summary>Up to where the index goes; <see langword="null"/> for an empty one.</summary>
    TimingCheckpoint? Checkpoint();

    /// <summary>Names of a kind by their number.</summary>
    List<string> Names(int kind);

    /// <summary>The number of a task.</summary>
    int? FindTask(UInt128 hash);

    /// <summary>The open start with an id.</summary>
    OpenRow? FindStart(string taskId);

    /// <summary>Open starts with their ids, the oldest first.</summary>
    List<KeyValuePair<string, OpenRow>> Starts(TimingFilter filter, bool latestFirst, int limit);

    /// <summary>How many open starts fit.</summary>
    int CountStarts(TimingFilter filter);

    /// <summary>Passes on complete intervals that may lie in a span, the last chunk first.</summary>
    /// <param name="from">Earliest start, in ticks.</param>
    /// <param name="to">The start before which they began.</param>
    /// <param name="chunk">Gets the number of the chunk's first interval, and the intervals.</param>
    void Chunks(long from, long to, ChunkAction chunk);

    /// <summary>Where the row of an interval stands.</summary>
    Place Place(int interval);

    /// <summary>One interval.</summary>
    Interval Interval(int interval);

    /// <summary>The header in force for a row.</summary>
    string? Header(long offset);

    /// <summary>The first findings, errors before warnings.</summary>
    List<Diagnostic> Diagnostics(int limit);
}
