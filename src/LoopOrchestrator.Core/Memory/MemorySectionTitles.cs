namespace LoopOrchestrator.Core.Memory;

/// <summary>The sections' headings: the canonical ones, and those that agents were told to write at one time or another.</summary>
internal static class MemorySectionTitles
{
    /// <summary>All sections in the order of the file.</summary>
    public static readonly MemorySection[] InOrder = [MemorySection.Patterns, MemorySection.Commands, MemorySection.Updates];

    /// <summary>The title that a new section gets.</summary>
    public static string Canonical(MemorySection section) =>
        section switch
        {
            MemorySection.Patterns => "Non-Obvious Implementation Patterns",
            MemorySection.Commands => "Development & Debug Commands",
            _ => "System Updates & Status",
        };

    /// <summary>Reads a title in any case, spacing and hyphenation.</summary>
    public static MemorySection? TryParse(string title)
    {
        var normalised = string.Join(
            ' ',
            title
                .Replace('&', ' ')
                .Replace('-', ' ')
                .Trim(' ', ':', '.')
                .ToLowerInvariant()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word is not "and")
        );
        return normalised switch
        {
            "non obvious implementation patterns" or "non obvious patterns" or "implementation patterns" or "patterns" =>
                MemorySection.Patterns,
            "development debug commands" or "debug commands" or "development commands" or "commands" => MemorySection.Commands,
            "system updates status" or "system updates" or "updates status" or "updates" => MemorySection.Updates,
            _ => null,
        };
    }
}
