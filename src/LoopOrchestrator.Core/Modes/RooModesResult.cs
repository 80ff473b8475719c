using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes;

/// <summary>What <see cref="RooModesFile"/> made of a file.</summary>
/// <param name="Modes">The modes that could be read, in the file's order, each slug once.</param>
/// <param name="Diagnostics">What could not, and what was read by a fall-back rule. Empty for a file with nothing to say about.</param>
public sealed record RooModesResult(IReadOnlyList<Mode> Modes, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>No file: no modes and nothing to say.</summary>
    public static RooModesResult Empty { get; } = new([], []);

    /// <summary>Whether something of the file is not in force.</summary>
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
