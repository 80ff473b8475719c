using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Holds what a step changed against the files that its mode may change (a <c>fileRegex</c> of the group <c>edit</c>), as it was when the
/// step was
/// prepared: not every agent program can be told, and what is told to an agent it can leave undone. Steps side by side may not edit at all,
/// so what
/// changed during a step with a pattern is no other step's.
/// </summary>
internal static class StepFiles
{
    private const int MaxNamed = 10;

    /// <summary>
    /// A step that succeeded with what is to be said of its files: failed where it changed others, marked where that is not known.
    /// </summary>
    public static CycleItem Check(CycleItem item)
    {
        if (item is not { State: CycleItemState.Passed, Pattern: { } pattern })
        {
            return item;
        }

        if (item.Changes is not { } changes)
        {
            return Marked(item, $"whether it changed only files matching {pattern} is not known");
        }

        if (!changes.Any)
        {
            return item;
        }

        var may = $"its mode may change only files matching {pattern}";
        return (changes.AllPaths is { } paths ? FilePattern.Outside(pattern, paths) : null) switch
        {
            null => Failed(item, $"{may}, and that could not be compared with all {changes.FileCount} files that it changed"),
            { Count: 0 } => item,
            var outside => Failed(item, $"{may}, and {outside.Count} other file(s) changed: {Named(outside)}"),
        };
    }

    private static string Named(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(MaxNamed)) + (files.Count > MaxNamed ? ", ..." : "");

    private static CycleItem Failed(CycleItem item, string reason) =>
        Marked(item with { State = CycleItemState.Failed, Reason = reason }, reason);

    private static CycleItem Marked(CycleItem item, string mark) => item with { Marks = [.. item.Marks, mark] };
}
