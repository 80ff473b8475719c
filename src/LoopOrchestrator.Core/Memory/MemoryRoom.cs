namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Which entries leave the memory when it is too full: the oldest with a time first, what people wrote into the first two sections last,
/// pinned ones never.
/// </summary>
internal static class MemoryRoom
{
    /// <summary>
    /// The entries that have to go so that the file has at most so many lines and bytes; <see langword="null"/> when all that may go are
    /// not enough.
    /// </summary>
    /// <param name="document">The memory.</param>
    /// <param name="maxLines">The most lines.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <param name="keep">An entry that stays although it may go.</param>
    public static List<MemoryBlock>? Choose(MemoryDocument document, int maxLines, int maxBytes, MemoryBlock? keep = null)
    {
        var lines = document.LineCount - maxLines;
        var bytes = document.ByteCount - maxBytes;
        var moved = new List<MemoryBlock>();
        using var next = document
            .FindDecided()
            .Where(block => block.IsMovable && block.Start != keep?.Start)
            .OrderBy(Rank)
            .ThenBy(static block => block.Header.Timestamp)
            .ThenBy(static block => block.Start)
            .GetEnumerator();
        while (lines > 0 || bytes > 0)
        {
            if (!next.MoveNext())
            {
                return null;
            }

            var extent = document.Extent(next.Current);
            lines -= extent.Lines;
            bytes -= extent.Bytes;
            moved.Add(next.Current);
        }

        return moved;
    }

    private static int Rank(MemoryBlock block) =>
        block switch
        {
            { Header.Timestamp: not null } => 0,
            { Section: MemorySection.Updates } => 1,
            _ => 2,
        };
}
