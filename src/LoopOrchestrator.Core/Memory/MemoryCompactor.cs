namespace LoopOrchestrator.Core.Memory;

/// <summary>The steps that tidy a memory without losing a word of it.</summary>
internal static class MemoryCompactor
{
    /// <summary>
    /// Makes one of entries that say the same in one section, with the same mode and category (a group: under the same heading). The first
    /// keeps its place, and counts how often and when last they were all reported.
    /// </summary>
    /// <returns>How many entries went into others.</returns>
    public static int MergeDuplicates(MemoryDocument document, DateTimeOffset now)
    {
        var repeated = Keyed(document)
            .GroupBy(static pair => pair.Key, static pair => pair.Block, StringComparer.Ordinal)
            .Where(static group => group.Skip(1).Any())
            .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);
        if (repeated.Count == 0)
        {
            return 0;
        }

        var counts = repeated.ToDictionary(
            static pair => pair.Key,
            pair => pair.Value.Select(document.Sightings).ToList(),
            StringComparer.Ordinal
        );
        document.Remove(repeated.Values.SelectMany(static blocks => blocks.Skip(1)));

        // From the end, so that a line more here moves none of the entries that are still to come.
        foreach (var (key, block) in Keyed(document).Where(pair => repeated.ContainsKey(pair.Key)).Reverse().ToList())
        {
            document.Count(
                block,
                counts[key].Sum(static one => one.Seen),
                counts[key].Max(static one => one.Last) ?? now,
                repeated[key].Exists(static one => one.Header.Pinned)
            );
        }

        return repeated.Values.Sum(static blocks => blocks.Count - 1);
    }

    /// <summary>
    /// Takes out what stands byte for byte in the archive as well: a move that was not finished, because the process died or the disk was
    /// full.
    /// </summary>
    /// <returns>How many entries were taken out.</returns>
    public static int FinishMoves(MemoryDocument document, IEnumerable<MemoryDocument> archive)
    {
        var movable = document
            .FindDecided()
            .Where(static block => block.IsMovable)
            .ToLookup(block => (block.Section, document.RawText(block)));
        var moved = archive
            .SelectMany(static part => part.FindDecided().Select(block => (block.Section, part.RawText(block))))
            .Where(key => movable[key].Count() == 1)
            .Distinct()
            .Select(key => movable[key].First())
            .ToList();
        document.Remove(moved);
        return moved.Count;
    }

    private static IEnumerable<(string Key, MemoryBlock Block)> Keyed(MemoryDocument document)
    {
        foreach (var block in document.FindDecided().Where(static block => block.Kind != MemoryBlockKind.Loose))
        {
            var entry = document.Describe(block, "", archived: false);
            var text = MemoryText.Key(entry.Text);
            if (text.Length > 0)
            {
                // Where bytes are no UTF-8, texts can look the same that are not.
                var exact = entry.Text.Contains('\uFFFD', StringComparison.Ordinal) ? document.RawText(block) : "";
                yield return (
                    $"{block.Section}\n{block.Kind == MemoryBlockKind.Group}\n{entry.Mode}\n{entry.Category}\n".ToUpperInvariant()
                        + text
                        + "\n"
                        + exact,
                    block
                );
            }
        }
    }
}
