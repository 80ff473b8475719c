namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>update_todo</c>.</summary>
internal sealed record TodoChangedResult(string Id, bool Changed, bool Completed, string Section, int Line);
