using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>A live server process.</summary>
internal sealed record ServerResult(
    int Pid,
    string Mode,
    [property: Description("Whether it may start programs of the workspace.")] bool Trusted,
    DateTimeOffset StartedAt);
