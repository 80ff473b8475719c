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
}
