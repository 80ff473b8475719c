namespace LoopOrchestrator.Core.Timing;

/// <summary>The end of an open interval. At least one of id, task and mode says which.</summary>
/// <param name="TaskId">The id given at the start. When it is given, task and mode are not looked at.</param>
/// <param name="Task">Without an id: the exact text of the task.</param>
/// <param name="Mode">Without an id: the mode. It may be given alone or with the task.</param>
/// <param name="Result">What came of it; <c>completed</c> when not given.</param>
public sealed record TimingStop(string? TaskId = null, string? Task = null, string? Mode = null, string? Result = null)
{
    /// <summary>When its caller asked for it, which its row says then as the moment of its writing; now when not given.</summary>
    internal DateTimeOffset? AskedAt { get; init; }
}
