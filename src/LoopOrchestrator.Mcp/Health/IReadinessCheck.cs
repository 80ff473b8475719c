namespace LoopOrchestrator.Mcp.Health;

/// <summary>One thing that must hold for the server to be of use. Every registered check is asked by <c>/health/ready</c>.</summary>
internal interface IReadinessCheck
{
    /// <summary>A short name in snake_case, unique among the checks.</summary>
    string Name { get; }

    /// <summary>Answers quickly and changes nothing; it is asked as often as a monitor likes.</summary>
    /// <returns>Why the server is not ready and what to do, or <see langword="null"/>.</returns>
    ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken);
}
