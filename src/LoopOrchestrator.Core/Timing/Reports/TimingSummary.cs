using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>The sums of the time log, and what is in no sum and why. Every line of the file is in exactly one of the counts.</summary>
/// <param name="Report">The sums and lists.</param>
/// <param name="Diagnostics">
/// What was not understood (error), then what was read by a fall-back rule (warning), each with its line; at most as many as the report
/// lists.
/// </param>
/// <param name="DiagnosticCount">How many findings there are, beyond those listed.</param>
/// <param name="Rows">Rows that were understood: starts, ends and whole intervals.</param>
/// <param name="Headers">Lines that name the columns.</param>
/// <param name="BlankLines">Lines with nothing in them.</param>
/// <param name="RepairedRows">
/// Those of <paramref name="Rows"/> that did not stand in the canonical columns, or are odd among their neighbours.
/// </param>
/// <param name="NotUnderstood">Rows that could not be read; they count in no sum and stay where they are.</param>
/// <param name="UnmatchedEnds">Those of <paramref name="Rows"/> that end something which has no start; they count in no sum.</param>
public sealed record TimingSummary(
    TimingReport Report,
    IReadOnlyList<Diagnostic> Diagnostics,
    int DiagnosticCount,
    int Rows,
    int Headers,
    int BlankLines,
    int RepairedRows,
    int NotUnderstood,
    int UnmatchedEnds
)
{
    /// <summary>Sums up what was read as a whole.</summary>
    internal static TimingSummary Create(TimingReading reading, TimingReportOptions options) =>
        new(
            TimingReport.Create(reading, options),
            [.. reading.Diagnostics.OrderByDescending(static diagnostic => diagnostic.Severity).Take(options.Limit)],
            reading.Diagnostics.Count,
            reading.Entries.Count,
            reading.Headers,
            reading.BlankLines,
            reading.RepairedRows,
            reading.NotUnderstood,
            reading.Entries.Count(static entry => entry.Kind == TimingEntryKind.UnmatchedClose)
        );
}
