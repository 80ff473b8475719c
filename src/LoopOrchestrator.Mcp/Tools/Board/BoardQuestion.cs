namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>A run that waits for answers.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Mode">The slug of its mode.</param>
/// <param name="Title">The first line of its task.</param>
/// <param name="Questions">
/// All of its questions, whole and in the order in which they are answered; none where they are too long for a board.
/// </param>
/// <param name="Note">Where its questions are when they are not here.</param>
internal sealed record BoardQuestion(string RunId, string Mode, string Title, IReadOnlyList<string> Questions, string? Note = null);
