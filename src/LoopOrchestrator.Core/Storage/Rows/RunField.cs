using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>One column that is written from a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What of a run is written into it.</param>
internal sealed record RunField(string Name, Func<Run, object?> Value)
{
    /// <summary>Its parameter in statements.</summary>
    public string Parameter { get; } = $"@{Name}";
}
