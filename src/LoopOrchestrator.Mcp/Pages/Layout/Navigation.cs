namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>The pages, in the order in which they are offered.</summary>
internal static class Navigation
{
    /// <summary>All of them. What is not below one of these paths is no page, and no cookie counts there.</summary>
    public static IReadOnlyList<NavigationItem> Items { get; } =
    [
        new("/", "Now"),
        new("/schedules", "Schedules"),
        new("/runs", "Runs"),
        new("/time", "Time"),
        new("/memory", "Memory"),
        new("/todo", "TODO"),
        new("/modes", "Modes"),
        new("/health", "Health"),
        new("/audit", "Audit"),
    ];
}
