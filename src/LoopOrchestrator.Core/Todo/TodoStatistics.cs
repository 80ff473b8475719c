namespace LoopOrchestrator.Core.Todo;

/// <summary>Counts over all items of the plan, whatever a filter shows.</summary>
/// <param name="Total">All items, nested ones included.</param>
/// <param name="Completed">Those with a ticked box.</param>
public sealed record TodoStatistics(int Total, int Completed)
{
    /// <summary>Those without a tick.</summary>
    public int Open => Total - Completed;

    /// <summary>The completed part, from 0 to 1; 0 when there are no items.</summary>
    public double CompletedRate => Total == 0 ? 0 : (double)Completed / Total;
}
