namespace LoopOrchestrator.Core.Diagnostics;

/// <summary>How much a <see cref="Diagnostic"/> keeps from working.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth knowing; nothing is held back because of it.</summary>
    Information,

    /// <summary>Something was passed over or read by a fall-back rule.</summary>
    Warning,

    /// <summary>The thing named is not in force until this is mended.</summary>
    Error,
}
