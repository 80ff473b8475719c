namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>A command of the configuration that has to end as expected before a cycle goes on: a gate, or a sync point.</summary>
/// <param name="Name">For people; unique in its list.</param>
/// <param name="Command">The program and its arguments, never passed through a shell.</param>
public sealed record WorkflowCommand(string Name, IReadOnlyList<string> Command)
{
    /// <summary>The exit code that passes; 0 by default.</summary>
    public int ExitCode { get; init; }

    /// <summary>Its time limit in seconds, 1 to 86,400; 600 by default. What runs longer has failed.</summary>
    public int TimeoutSeconds { get; init; } = 600;
}
