using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Rules;

/// <summary>What is to be recorded of the end of an attempt.</summary>
/// <param name="Attempt">Which one it was.</param>
/// <param name="End">How it ended, with everything that is to be said of that.</param>
/// <param name="Retry">How the run goes on; <see langword="null"/> when it ends.</param>
/// <param name="Tries">How many attempts count by now.</param>
internal sealed record RunEndDecision(int Attempt, RunEnd End, Retry? Retry, int Tries)
{
    /// <summary>The state of the run from now on.</summary>
    public RunState State => Retry is null ? End.State : RunState.Queued;

    /// <summary>Why it has that state.</summary>
    public string Reason => Retry is null ? End.Reason : $"{End.Reason}; {Retry.Why}";

    /// <summary>The same as a decision about the run.</summary>
    public string Story => Retry is null ? $"{End.State.Name()}: {End.Reason}" : $"attempt {Attempt} {End.State.Name()}: {Reason}";

    /// <summary>The run as it stands from now on: with what its attempt told, and ended or waiting for the next one.</summary>
    public Run ApplyTo(Run run)
    {
        var told = End.AddTo(run) with { State = State, Reason = Reason, Tries = Tries, NotBefore = Retry?.NotBefore };
        if (Retry is null)
        {
            return told with
            {
                EndedAt = End.EndedAt,
                StopRowPending = run.StopRowPending || run.StartedAt is not null,
                MemoryPending = true,
            };
        }

        return told with
        {
            EndedAt = null,
            ReportedOutcome = null,
            Executor = null,
            DeadlineAt = null,
            Lease = null,
            StopRowPending = run.StopRowPending || (run.StartedAt is not null && Retry.ClosesInterval),
        };
    }
}
