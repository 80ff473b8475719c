namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>A run as the board shows it.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="Mode">The slug of its mode.</param>
/// <param name="Agent">Who does it.</param>
/// <param name="Title">The first line of its task.</param>
/// <param name="Since">Since when it is in this state, as well as is known.</param>
/// <param name="Reason">Why.</param>
internal sealed record BoardRun(string RunId, string State, string Mode, string Agent, string Title, DateTimeOffset Since, string? Reason);
