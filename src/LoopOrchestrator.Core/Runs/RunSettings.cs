using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Runs;

/// <summary>What the configuration says of runs.</summary>
internal sealed record RunSettings
{
    /// <summary>The limits of every run.</summary>
    public required RunLimits Limits { get; init; }

    /// <summary>What follows from the end of an attempt.</summary>
    public required RunEndPolicy EndPolicy { get; init; }

    /// <summary>The workflows by name.</summary>
    public required IReadOnlyDictionary<string, WorkflowDefinition> Workflows { get; init; }

    /// <summary>What people call the file that all this stands in.</summary>
    public required string File { get; init; }
}
