namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>Every page of the dashboard, by its address; the browser opens each in every way.</summary>
public static class DashboardPages
{
    public static IReadOnlyList<string> All { get; } =
    [
        "/",
        "/schedules",
        "/schedules/show?id=nightly",
        "/schedules/edit?id=nightly",
        "/schedules/new",
        "/schedules/delete?id=nightly",
        "/runs",
        "/runs/last",
        "/time",
        "/memory",
        "/memory?q=a",
        "/todo",
        "/modes",
        "/modes/show?slug=ask",
        "/health",
        "/audit",
        "/sign-in",
    ];
}
