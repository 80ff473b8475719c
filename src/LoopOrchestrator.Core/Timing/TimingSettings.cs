namespace LoopOrchestrator.Core.Timing;

/// <summary>How the time log is kept (<c>timing</c> in <c>mcp_startup.json</c>).</summary>
/// <param name="Rotate">
/// Whether months that are over move to files of their own; when <see langword="null"/>, they do unless git tracks the log.
/// </param>
public sealed record TimingSettings(bool? Rotate = null);
