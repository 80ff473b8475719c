namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Remembers that git did not take a tree in time: the next call does it in portions and keeps how far it came, and after two of them
/// nobody waits any more until a day has passed, or the mark is removed.
/// </summary>
/// <param name="mark">The file that says how often.</param>
/// <param name="time">The clock.</param>
internal sealed class SlowTree(string mark, TimeProvider time)
{
    private const int MaxFailures = 2;

    private readonly DatedMark _mark = new(mark, TimeSpan.FromDays(1), time);

    /// <summary>The mark beside an index.</summary>
    public static string MarkOf(string index) => index + ".slow";

    /// <summary>How often it was too slow in a row, lately.</summary>
    public long Failures => _mark.Value ?? 0;

    /// <summary>What is said where nobody waits any more; <see langword="null"/> where it is tried.</summary>
    public string? WhyNotTried =>
        Failures >= MaxFailures
            ? $"git did not take all files within two minutes, {MaxFailures} times in a row, so it is not tried for a day. Have git ignore "
                + $"what is built or downloaded (.gitignore), then remove {mark}; what was taken so far is kept"
            : null;

    /// <summary>It was too slow once more.</summary>
    public void Fail() => _mark.Set(Failures + 1);

    /// <summary>It was done in time.</summary>
    public void Succeed() => _mark.Clear();
}
