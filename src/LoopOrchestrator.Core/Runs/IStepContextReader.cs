using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs;

/// <summary>What a run that is the step of a cycle has to know. Runs ask for it, and know nothing of cycles.</summary>
internal interface IStepContextReader
{
    /// <summary>What a step has to know; <see langword="null"/> for a run that is no step.</summary>
    Task<StepContext?> ReadAsync(Run run, CancellationToken cancellationToken = default);

    /// <summary>The work tree that a step works in; <see langword="null"/> for the workspace itself.</summary>
    Task<string?> WorkTreeAsync(Run run, CancellationToken cancellationToken = default);

    /// <summary>Entries of the memory and its archive that have words of a task, those with the most first.</summary>
    IReadOnlyList<string> Remember(string task);
}
