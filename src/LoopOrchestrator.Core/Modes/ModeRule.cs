namespace LoopOrchestrator.Core.Modes;

/// <summary>A file of rules that belongs to a mode.</summary>
/// <param name="Path">Its path: in the workspace, or, in an entry of a mode, below <c>.roo</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record ModeRule(string Path, string Text);
