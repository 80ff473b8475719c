namespace LoopOrchestrator.Core.Runs.Rules;

/// <summary>A run goes back to the queue.</summary>
/// <param name="NotBefore">When it may be started at the earliest; at once when not given.</param>
/// <param name="CountsAsTry">Whether the attempt that ended counts against the most that are allowed.</param>
/// <param name="Why">The same in words.</param>
internal sealed record Retry(DateTimeOffset? NotBefore, bool CountsAsTry, string Why)
{
    /// <summary>
    /// Nobody can say how long it will wait, so the time spent so far is closed in the time log. A pause of seconds belongs to the
    /// work.
    /// </summary>
    public bool ClosesInterval => !CountsAsTry || NotBefore is null;
}
