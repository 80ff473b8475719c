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
            CycleItemKind.Baseline => "baseline",
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

    /// <summary>The fault's name.</summary>
    public static string Name(this CycleFault fault) =>
        fault switch
        {
            CycleFault.Missing => "missing",
            CycleFault.Service => "service",
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
        };

    // One of a later version is none that this one knows.
    internal static CycleFault? Fault(string? name) =>
        Enum.GetValues<CycleFault>().Where(fault => fault.Name() == name).Select(static fault => (CycleFault?)fault).FirstOrDefault();

    internal static CycleItemKind Kind(string name) => Enum.GetValues<CycleItemKind>().First(kind => kind.Name() == name);

    internal static CycleItemState State(string name) => Enum.GetValues<CycleItemState>().First(state => state.Name() == name);
}
