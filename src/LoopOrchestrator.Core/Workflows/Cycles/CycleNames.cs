namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>The names under which kinds and states of a cycle's items are stored and shown.</summary>
public static class CycleNames
{
    /// <summary>The kind's name.</summary>
    public static string Name(this CycleItemKind kind) =>
        kind switch
        {
            CycleItemKind.Step => "step",
            CycleItemKind.Gate => "gate",
            CycleItemKind.Landing => "landing",
            CycleItemKind.Sync => "sync",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    /// <summary>The state's name.</summary>
    public static string Name(this CycleItemState state) =>
        state switch
        {
            CycleItemState.Preparing => "preparing",
            CycleItemState.Running => "running",
            CycleItemState.Passed => "passed",
            CycleItemState.Failed => "failed",
            CycleItemState.Cancelled => "cancelled",
            CycleItemState.Interrupted => "interrupted",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
        };

    internal static CycleItemKind Kind(string name) => Enum.GetValues<CycleItemKind>().First(kind => kind.Name() == name);

    internal static CycleItemState State(string name) => Enum.GetValues<CycleItemState>().First(state => state.Name() == name);
}
