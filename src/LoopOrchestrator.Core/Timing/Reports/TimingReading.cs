using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>What stands in the time log. Every line is in exactly one of the counts; none was changed by reading it.</summary>
/// <param name="Entries">The understood rows in the order of the file.</param>
/// <param name="Diagnostics">What was read by a fall-back rule (warning) or not understood (error), each with its line.</param>
/// <param name="Headers">Lines that name the columns.</param>
/// <param name="BlankLines">Lines with nothing in them, stray NUL characters included.</param>
/// <param name="RepairedRows">Those of <paramref name="Entries"/> that did not stand in the canonical columns.</param>
/// <param name="NotUnderstood">Rows that have a finding and no entry.</param>
public sealed record TimingReading(
    IReadOnlyList<TimingEntry> Entries,
    IReadOnlyList<Diagnostic> Diagnostics,
    int Headers,
    int BlankLines,
    int RepairedRows,
    int NotUnderstood
);
