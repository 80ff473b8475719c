namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>From which sizes on the index is used; tests make them small.</summary>
internal sealed record TimingIndexLimits
{
    /// <summary>A file up to this length in bytes is read anew each time, which takes a few milliseconds, and gets no index.</summary>
    public long SmallFile { get; init; } = 512 * 1024;

    /// <summary>How many bytes behind the file the index may be: they are read each time and not entered.</summary>
    public long Behind { get; init; } = 512 * 1024;

    /// <summary>After how many bytes a process that writes brings the index forward, beside its work.</summary>
    public long Advance { get; init; } = 2 * 1024 * 1024;

    /// <summary>How many open starts a process that writes keeps in memory; when there are more, it asks the index for each id.</summary>
    public int HeldStarts { get; init; } = 2000;

    /// <summary>How many bytes of the file are entered in one transaction; bounds memory.</summary>
    public long Segment { get; init; } = 192 * 1024 * 1024;

    /// <summary>How many open starts are entered in one transaction; bounds memory.</summary>
    public int SegmentStarts { get; init; } = 100_000;
}
