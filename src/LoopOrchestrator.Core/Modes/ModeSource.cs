namespace LoopOrchestrator.Core.Modes;

/// <summary>Where a <see cref="Mode"/> was defined.</summary>
public enum ModeSource
{
    /// <summary>Shipped inside this program.</summary>
    BuiltIn,

    /// <summary>Read from a file of the workspace.</summary>
    Workspace,
}
