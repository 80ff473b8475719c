using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>One file of another tool and what could be made of it.</summary>
/// <param name="File">The file, as findings name it.</param>
/// <param name="Modes">The modes in it, each slug once.</param>
/// <param name="Diagnostics">What could not be read or carried over.</param>
public sealed record ImportSource(string File, IReadOnlyList<Mode> Modes, IReadOnlyList<Diagnostic> Diagnostics);
