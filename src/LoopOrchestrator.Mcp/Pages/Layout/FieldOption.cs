namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>What can be chosen in a field.</summary>
/// <param name="Value">What is sent.</param>
/// <param name="Text">What is shown.</param>
internal sealed record FieldOption(string Value, string Text);
