using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Records the begin of cycles where runs have theirs.</summary>
internal sealed class CycleRecord(WorkspacePaths paths, IRunStore runs, RunStartRow row)
{
    /// <summary>
    /// The start row and the folder are the first that is done for a cycle, and done again when whoever began did not come to it.
    /// </summary>
    public async Task WriteAsync(string id, CancellationToken cancellationToken)
    {
        var folder = new RunFolder(paths.Run(id));
        if (folder.ReadRun() is null && await runs.FindAsync(id, cancellationToken) is { State: RunState.Running } run)
        {
            await row.WriteAsync(run, RunTitle.Of(run.Task), cancellationToken);
            folder.Create();
            folder.Write(RunRecord.Of(run, await runs.DueAtAsync(id, cancellationToken)));
        }
    }
}
