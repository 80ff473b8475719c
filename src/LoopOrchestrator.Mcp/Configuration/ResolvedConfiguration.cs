namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// The outcome of reading all sources. With an error among the problems the options hold the default in the faulty place.
/// </summary>
internal sealed record ResolvedConfiguration(ServerOptions Options, IReadOnlyList<ConfigurationProblem> Problems)
{
    public bool IsValid => !Problems.Any(problem => problem.IsError);
}
