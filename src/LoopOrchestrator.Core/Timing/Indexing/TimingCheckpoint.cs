using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>Up to where the index repeats the file, and by what the file is known again.</summary>
/// <param name="Generation">Drawn anew each time the index is filled from the beginning.</param>
/// <param name="Offset">The byte after the last line taken in; that line was complete.</param>
/// <param name="Lines">What reading on from there needs to know.</param>
/// <param name="Intervals">Complete intervals.</param>
/// <param name="Tasks">Different tasks of complete intervals.</param>
/// <param name="Starts">Open starts.</param>
/// <param name="Diagnostics">Findings of all kinds.</param>
/// <param name="Unmatched">Ends without a start, which count in no sum.</param>
/// <param name="FileLength">The file's length when the index was brought there.</param>
/// <param name="FileWritten">When the file had been written last at that time, in UTC ticks.</param>
/// <param name="Head">The file's first bytes, at most up to <paramref name="Offset"/>.</param>
/// <param name="Tail">The last bytes before <paramref name="Offset"/>.</param>
/// <param name="Months">What told the state of the months that are over.</param>
internal sealed record TimingCheckpoint(
    long Generation,
    long Offset,
    TimingLinesState Lines,
    int Intervals,
    int Tasks,
    int Starts,
    int Diagnostics,
    int Unmatched,
    long FileLength,
    long FileWritten,
    byte[] Head,
    byte[] Tail,
    string Months
)
{
    /// <summary>Before the first line.</summary>
    public static TimingCheckpoint Start(long generation) => new(generation, 0, TimingLinesState.Start, 0, 0, 0, 0, 0, 0, 0, [], [], "");
}
