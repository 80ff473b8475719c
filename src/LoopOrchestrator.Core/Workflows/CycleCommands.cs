using System.Globalization;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// The gates and sync commands of cycles: each runs under a supervisor in a folder below its cycle's, whose name follows from its number, so
/// whoever goes on after a crash finds it and starts it no second time.
/// </summary>
internal sealed class CycleCommands(WorkspacePaths paths, SupervisedCommand commands)
{
    /// <summary>The variable that names the cycle in a command's environment.</summary>
    public const string CycleId = "LOOP_CYCLE_ID";

    private const int LongestOutput = 8 * 1024;

    /// <summary>The command of an item.</summary>
    public static WorkflowCommand Of(Cycle cycle, CycleItem item) =>
        item.Kind == CycleItemKind.Sync ? cycle.Workflow.Sync[item.Position] : cycle.Workflow.Stages[item.Stage].Gates[item.Position];

    /// <summary>Starts an item's command, unless it was told to start before; once more where whoever told it died before it could begin.</summary>
    public void Start(Cycle cycle, CycleItem item)
    {
        var folder = FolderOf(cycle, item);
        if ((SupervisedCommand.IsOrdered(folder) && !SupervisedCommand.TryWithdraw(folder)) || ProcessTable.AnyWithEnvironment(SupervisedCommand.Mark, Path.GetFileName(folder.FullPath)))
        {
            // In the second case its folder was removed while it went on; looking at it ends it.
            return;
        }

        var command = Of(cycle, item);
        commands.Start(
            folder,
            command.Command,
            item.WorkTree ?? paths.Root,
            TimeSpan.FromSeconds(command.TimeoutSeconds),
            new Dictionary<string, string>(StringComparer.Ordinal) { [CycleId] = cycle.Run.Id });
    }

    /// <summary>Asks for the end of an item's command.</summary>
    public void Cancel(Cycle cycle, CycleItem item, string reason)
    {
        var folder = FolderOf(cycle, item);
        if (SupervisedCommand.IsOrdered(folder) && folder.CancelReason() is null)
        {
            CancelOrder.Give(folder, reason);
        }
    }

    /// <summary>The item as its command's end leaves it; <see langword="null"/> while it goes on.</summary>
    public async Task<CycleItem?> LookAsync(Cycle cycle, CycleItem item)
    {
        if (await commands.LookAsync(FolderOf(cycle, item)) is not { } outcome)
        {
            return null;
        }

        var expected = Of(cycle, item).ExitCode;
        var (state, reason) = outcome.End switch
        {
            SupervisorEnd.Exited when outcome.ExitCode == expected => (CycleItemState.Passed, $"it ended with exit code {outcome.ExitCode}"),
            SupervisorEnd.Exited => (CycleItemState.Failed, $"it ended with exit code {outcome.ExitCode} and {expected} was expected"),
            SupervisorEnd.Interrupted => (CycleItemState.Interrupted, outcome.Reason),
            SupervisorEnd.Cancelled => (CycleItemState.Cancelled, outcome.Reason),
            _ => (CycleItemState.Failed, outcome.Reason),
        };
        return item with
        {
            State = state,
            Reason = reason,
            EndedAt = outcome.EndedAt,
            ExitCode = outcome.ExitCode,
            Output = outcome.OutputTail.Length <= LongestOutput ? outcome.OutputTail : outcome.OutputTail[^LongestOutput..],
        };
    }

    private RunFolder FolderOf(Cycle cycle, CycleItem item) =>
        new(Path.Combine(paths.Run(cycle.Run.Id), "commands", string.Create(CultureInfo.InvariantCulture, $"{cycle.Run.Id}-{item.Number}")));
}
