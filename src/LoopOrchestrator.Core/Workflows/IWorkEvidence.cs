using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Keeps how the workspace was, and tells what changed. Called where the workspace is trusted only. May be called again with the same name
/// after a crash.
/// </summary>
internal interface IWorkEvidence
{
    /// <summary>Whether there is a checkpoint of that name.</summary>
    /// <exception cref="UserErrorException">It could not be looked for.</exception>
    Task<bool> HasAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes a checkpoint of the workspace.</summary>
    /// <param name="name">Its name: the cycle's id, a slash and what it is of.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it lacks and why, as half a sentence; <see langword="null"/> where it lacks nothing.</returns>
    /// <exception cref="UserErrorException">It could not be taken.</exception>
    Task<string?> TakeAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// What changed between two checkpoints; <see langword="null"/> where that cannot be told, as in a folder without git.
    /// </summary>
    /// <exception cref="UserErrorException">One of them is gone, or cannot be read.</exception>
    Task<StepChanges?> CompareAsync(string before, string after, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the work tree of an isolated stage, with all that is in the workspace now. One that is there already is used.
    /// </summary>
    /// <returns>Its folder, absolute.</returns>
    /// <exception cref="UserErrorException">It cannot be made here.</exception>
    Task<string> IsolateAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes a work tree as another was when it was made. One that is there already is used.</summary>
    /// <returns>Its folder, absolute.</returns>
    /// <exception cref="UserErrorException">The other is gone, or it cannot be made.</exception>
    Task<string> IsolateAsBeforeAsync(string name, string other, CancellationToken cancellationToken);

    /// <summary>What changed in a work tree since it was made.</summary>
    /// <exception cref="UserErrorException">It is gone, or cannot be read.</exception>
    Task<StepChanges?> ChangesInAsync(string name, CancellationToken cancellationToken);

    /// <summary>Brings what changed in a work tree into the workspace: all of it or, where that cannot be, nothing.</summary>
    /// <returns>Why it could not be; <see langword="null"/> when it is done, also by an earlier call.</returns>
    Task<string?> LandAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what git ignores and was made in a work tree, in the folder of its cycle; once more where an earlier call was cut short.
    /// </summary>
    /// <returns>What was left behind, as half a sentence; <see langword="null"/> where there is nothing.</returns>
    Task<string?> KeepLeftAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a work tree. One that is not there is no error; one that cannot be removed now is left to <see cref="TidyAsync"/>.
    /// </summary>
    Task RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes work trees of cycles that are not open any more, and checkpoints that are too old or too many.</summary>
    /// <param name="open">The ids of the cycles that are open: what belongs to them stays.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken);
}
