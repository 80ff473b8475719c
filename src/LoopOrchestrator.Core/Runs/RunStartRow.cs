using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Writes the start row of a run before anything is done for it, so that no work is done that the time log does not know of.
/// </summary>
internal sealed class RunStartRow(WorkspacePaths paths, IRunStore store, RunBriefs briefs, TimingLog timing, TimeProvider time)
{
    /// <summary>Writes the start row, unless one is open from an attempt just before. When it returns, the row is on disk.</summary>
    /// <exception cref="UserErrorException">It could not be written; the run must not start.</exception>
    public async Task WriteAsync(Run run, string title, CancellationToken cancellationToken = default)
    {
        // Before the row: whoever looks behind a crash takes a row without a folder for that of a program whose folder was removed.
        if (briefs.CreateFolder(run) is { } kept)
        {
            await store.TryDecideOnceAsync(
                run.Id,
                time.GetUtcNow(),
                "a folder of its name was there before it began, left by a start that never began or made by something "
                    + $"else; nothing in it counts, and it is kept as {paths.Display(kept)}",
                cancellationToken: cancellationToken
            );
        }

        await timing.StartIfClosedAsync(
            new TimingStart(title, run.Mode, run.Id, run.Priority.Name()),
            run.AttemptStartedAt!.Value,
            cancellationToken
        );
    }
}
