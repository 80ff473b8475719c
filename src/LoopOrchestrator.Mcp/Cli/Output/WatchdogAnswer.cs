using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>watchdog --json</c> prints.</summary>
/// <param name="Status"><c>ok</c>, or <c>needs_attention</c>.</param>
/// <param name="Alive">Whether the schedules fire, and no due moment is missing.</param>
/// <param name="Due">How many moments were due.</param>
/// <param name="Missing">How many of them nothing fired.</param>
/// <param name="Why">The line that is printed without <c>--json</c>.</param>
/// <param name="Attention">What needs a person.</param>
/// <param name="Undelivered">With <c>--tell</c>, how many notices are still to be delivered.</param>
internal sealed record WatchdogAnswer(
    string Status,
    bool Alive,
    long Due,
    long Missing,
    string Why,
    IReadOnlyList<string> Attention,
    long? Undelivered
)
{
    public static WatchdogAnswer From(WorkspaceStatus status, string why, long? undelivered) =>
        new(
            status.Attention.Count == 0 ? "ok" : "needs_attention",
            status.Life.IsAlive,
            status.Life.Due,
            status.Life.Missing,
            why,
            status.Attention,
            undelivered
        );
}
