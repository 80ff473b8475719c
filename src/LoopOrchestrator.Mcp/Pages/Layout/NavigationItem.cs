namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A page that every other one leads to.</summary>
/// <param name="Path">Its path: a single word behind a slash. All that is below it belongs to it.</param>
/// <param name="Title">What it is called.</param>
internal sealed record NavigationItem(string Path, string Title);
