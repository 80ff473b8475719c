using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core;

/// <summary>A file of a folder that was read as the file of a workspace that it looks like.</summary>
/// <param name="File">The file, relative to the folder.</param>
/// <param name="Kind">
/// What it was read as: <c>schedules</c>, <c>modes</c>, <c>agent</c>, <c>time_log</c>, <c>memory</c>, <c>plan</c> or <c>configuration</c>.
/// </param>
/// <param name="Count">How many schedules, modes, rows, entries or items it holds.</param>
/// <param name="Diagnostics">What could not be read, or was read by a fall-back rule.</param>
public sealed record ExaminedFile(string File, string Kind, int Count, IReadOnlyList<Diagnostic> Diagnostics);
