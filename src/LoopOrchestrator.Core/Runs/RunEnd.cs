namespace LoopOrchestrator.Core.Runs;

/// <summary>How a run ended.</summary>
/// <param name="State">One of the final states.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RunEnd(RunState State, DateTimeOffset EndedAt, string Reason)
{
    /// <summary>The agent's final message, or the end of its output; what was reported before stays when this is not given.</summary>
    public string? Summary { get; init; }

    /// <summary>The program's exit code, when it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its cost in US dollars, when its agent said so.</summary>
    public double? CostUsd { get; init; }
}
