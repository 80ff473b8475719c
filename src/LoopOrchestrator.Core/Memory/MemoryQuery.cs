namespace LoopOrchestrator.Core.Memory;

/// <summary>What to look for in the memory and its archive.</summary>
/// <param name="Text">
/// Words that must all occur in text, category or mode: whole words, in any case, with or without accents. <c>"two words"</c> must stand
/// side by side, <c>begin*</c> finds words that begin so, and <c>-word</c> must not occur. At most <see cref="MaxTextLength"/> characters.
/// </param>
public sealed record MemoryQuery(string Text)
{
    /// <summary>The longest <see cref="Text"/>, in characters.</summary>
    public const int MaxTextLength = 1000;

    /// <summary>The most that <see cref="Limit"/> may be.</summary>
    public const int MaxHits = 100;

    /// <summary>Only this section; all by default.</summary>
    public MemorySection? Section { get; init; }

    /// <summary>Only entries of this mode, in any case.</summary>
    public string? Mode { get; init; }

    /// <summary>Only entries of this category, in any case.</summary>
    public string? Category { get; init; }

    /// <summary>Only entries that say that they were written then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The most hits shown, from 1 to <see cref="MaxHits"/>; 10 by default.</summary>
    public int Limit { get; init; } = 10;
}
