namespace LoopOrchestrator.Core.Findings;

/// <summary>How much a <see cref="Finding"/> keeps from working.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing is held back because of it.</summary>
    Information,

    /// <summary>Something was passed over or read by a fall-back rule.</summary>
    Warning,

    /// <summary>The thing named is not in force until this is mended.</summary>
    Error,
}
