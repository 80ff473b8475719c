namespace LoopOrchestrator.Core.Memory;

/// <summary>A finding to remember.</summary>
/// <param name="Section">Where it belongs.</param>
/// <param name="Content">What was found; not blank, at most 8 KiB in UTF-8. Several lines are fine, whatever they look like.</param>
/// <param name="Category">A word for its kind, without brackets, at most 100 characters; <c>note</c> when not given.</param>
/// <param name="Mode">The slug of the mode that found it; <c>unspecified</c> when not given.</param>
/// <param name="Pinned">Keeps it from ever being archived.</param>
/// <param name="FoundAt">
/// When it was found; now when not given. A finding that the section has with this very moment, as its own or as the last, is not counted
/// again: whoever repeats a call because its end is not known gives the same moment.
/// </param>
public sealed record MemoryAppend(
    MemorySection Section,
    string Content,
    string? Category = null,
    string? Mode = null,
    bool Pinned = false,
    DateTimeOffset? FoundAt = null
)
{
    /// <summary>
    /// Whether it may be there already, in the memory or its archive, because an earlier try was cut off: then it is added only when
    /// nothing of this moment or later says the same.
    /// </summary>
    internal bool MayBeThere { get; init; }
}
