namespace LoopOrchestrator.Core.Memory;

/// <summary>The forms that entries were found in.</summary>
internal enum MemoryBlockKind
{
    /// <summary>A heading with time, mode and category, and lines below it.</summary>
    Headed,

    /// <summary>A heading of somebody's own and the lines below it, deeper headings included.</summary>
    Group,

    /// <summary>Time, mode, category and text in one line, perhaps with indented lines below it.</summary>
    OneLine,

    /// <summary>Lines that belong to no heading: introductions, or what a torn write left behind.</summary>
    Loose,
}
