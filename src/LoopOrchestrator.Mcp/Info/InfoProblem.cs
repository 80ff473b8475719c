namespace LoopOrchestrator.Mcp.Info;

/// <summary>Something that keeps the server from starting (<c>error</c>), or that is worth a look (<c>warning</c>).</summary>
internal sealed record InfoProblem(string Severity, string Source, string Message);
