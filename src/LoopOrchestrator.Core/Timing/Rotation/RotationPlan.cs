using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>Where a time log is cut. It is in three parts: what stays at its head, the months that move, what stays behind them.</summary>
/// <param name="Kept">How many bytes stay at its head: a byte order mark, and the header with blank lines before it.</param>
/// <param name="KeptHeader">The header among these; <see langword="null"/> where there is none.</param>
/// <param name="Months">The months that move, in the order of the log, each beginning where the one before ends.</param>
/// <param name="Header">The header in force behind them; <see langword="null"/> for the canonical one.</param>
/// <param name="LineEnd">How lines of the log end.</param>
/// <param name="WhyNotMore">Why the cut is before a row of a month that is over; <see langword="null"/> when it is not.</param>
internal sealed record RotationPlan(
    long Kept,
    string? KeptHeader,
    IReadOnlyList<RotationPlan.Part> Months,
    string? Header,
    string LineEnd,
    string? WhyNotMore
)
{
    /// <summary>The bytes of a month.</summary>
    /// <param name="Month">The month.</param>
    /// <param name="From">Its first byte.</param>
    /// <param name="To">The byte after its last one.</param>
    /// <param name="Lines">How many lines that is.</param>
    /// <param name="Header">The header in force at its first line; <see langword="null"/> for the canonical one.</param>
    internal sealed record Part(Month Month, long From, long To, int Lines, string? Header);

    /// <summary>Nothing moves.</summary>
    public static RotationPlan None { get; } = new(0, null, [], null, "\n", null);

    /// <summary>Where what stays behind begins.</summary>
    public long Cut => Months.Count > 0 ? Months[^1].To : Kept;

    /// <summary>The header line to put before what stays behind; empty where the one at the head is in force.</summary>
    public string HeaderBehind =>
        KeptHeader is not null && (Header ?? KeptHeader) == KeptHeader ? "" : (Header ?? TimingRow.Header) + LineEnd;

    /// <summary>The same with fewer months.</summary>
    /// <param name="month">The first month that stays.</param>
    /// <param name="why">Why it does.</param>
    public RotationPlan Before(Part month, string why) =>
        this with
        {
            Months = [.. Months.TakeWhile(part => part != month)],
            Header = month.Header,
            WhyNotMore = why,
        };
}
