namespace LoopOrchestrator.Core.Todo;

/// <summary>Which items to show.</summary>
public sealed record TodoFilter
{
    /// <summary>Shows ticked items as well; not by default.</summary>
    public bool IncludeCompleted { get; init; }

    /// <summary>Words that must all occur in title, detail or notes, in any case.</summary>
    public string? Query { get; init; }

    /// <summary>A part of the section's path, in any case.</summary>
    public string? Section { get; init; }

    /// <summary>The most items shown, from the top of the file; all by default.</summary>
    public int Limit { get; init; } = int.MaxValue;
}
