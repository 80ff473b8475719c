using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>A live server process.</summary>
internal sealed record ServerResult(
    [property: Description("Its process id.")] int Pid,
    [property: Description("stdio or http.")] string Mode,
    [property: Description("Whether it may start programs of the workspace.")] bool Trusted,
    [property: Description("Since when it runs (UTC).")] DateTimeOffset StartedAt);
