using System.Globalization;
using System.Security.Cryptography;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// The gates and sync commands of cycles: each runs under a supervisor in a folder below its cycle's that is made for it. The folder's name
/// and what its outcome must show stand in the database before anything is started, so whoever goes on after a crash finds it and starts it
/// no second time, and what somebody else puts there counts for nothing.
/// </summary>
internal sealed class CycleCommands(WorkspacePaths paths, SupervisedCommand commands)
{
    /// <summary>The variable that names the cycle in a command's environment.</summary>
    public const string CycleId = "LOOP_CYCLE_ID";

    /// <summary>The folder of the commands' folders below that of their cycle.</summary>
    public const string Folder = "commands";

    private const int MaxOutputLength = 8 * 1024;

    /// <summary>The command of an item.</summary>
    public static WorkflowCommand Of(Cycle cycle, CycleItem item) =>
        item.Kind == CycleItemKind.Sync ? cycle.Workflow.Sync[item.Position] : cycle.Workflow.Stages[item.Stage].Gates[item.Position];

    /// <summary>An item with the folder of this start of its command; to be recorded before <see cref="Start"/>.</summary>
    public static CycleItem Place(Cycle cycle, CycleItem item, SupervisorStart start) =>
        item with
        {
            Folder = string.Create(
                CultureInfo.InvariantCulture,
                $"{cycle.Run.Id}-{item.Number}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}"
            ),
            SecretHash = start.Hash,
        };

    /// <summary>
    /// Whether whoever recorded the begin of an item ended before its command was started. What was ordered is taken back first.
    /// </summary>
    public bool IsUnbegun(Cycle cycle, CycleItem item)
    {
        var folder = FolderOf(cycle, item);

        // With a process and no order its folder was removed while it went on; looking at it ends it.
        return (!SupervisedCommand.IsOrdered(folder) || commands.TryWithdraw(folder)) && !commands.IsAtWork(folder);
    }

    /// <summary>
    /// Starts the command of an item whose place is recorded. Programs are looked for where it works: in the tree that it examines.
    /// </summary>
    public void Start(Cycle cycle, CycleItem item, SupervisorStart start)
    {
        var command = Of(cycle, item);
        commands.Start(
            new SupervisedCommandOrder(
                FolderOf(cycle, item),
                command.Command,
                item.WorkTree ?? paths.Root,
                TimeSpan.FromSeconds(command.TimeoutSeconds)
            )
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [CycleId] = cycle.Run.Id },
            },
            start
        );
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

    /// <summary>
    /// The file with what an item's command has printed; <see langword="null"/> for an item that is none, or has not begun.
    /// </summary>
    public string? OutputFile(Cycle cycle, CycleItem item) =>
        item.Kind is CycleItemKind.Gate or CycleItemKind.Sync && item.State != CycleItemState.Preparing
            ? FolderOf(cycle, item).Output
            : null;

    /// <summary>The item as its command's end leaves it; <see langword="null"/> while it goes on.</summary>
    public async Task<CycleItem?> CheckAsync(Cycle cycle, CycleItem item)
    {
        if (await commands.CheckAsync(FolderOf(cycle, item), ProofOf(item)) is not { } outcome)
        {
            return null;
        }

        var expected = Of(cycle, item).ExitCode;
        var (state, reason) = outcome.End switch
        {
            SupervisorEnd.Exited when outcome.ExitCode == expected => (
                CycleItemState.Passed,
                $"it ended with exit code {outcome.ExitCode}"
            ),
            SupervisorEnd.Exited => (CycleItemState.Failed, $"it ended with exit code {outcome.ExitCode} and {expected} was expected"),
            SupervisorEnd.Interrupted or SupervisorEnd.Shortage => (CycleItemState.Interrupted, outcome.Reason),
            SupervisorEnd.Cancelled => (CycleItemState.Cancelled, outcome.Reason),
            _ => (CycleItemState.Failed, outcome.Reason),
        };
        return item with
        {
            State = state,
            Fault = outcome.End == SupervisorEnd.NotStarted ? CycleFault.Missing : null,
            Reason = reason,
            EndedAt = outcome.EndedAt,
            ExitCode = outcome.ExitCode,
            Output = outcome.OutputTail.Length <= MaxOutputLength ? outcome.OutputTail : outcome.OutputTail[^MaxOutputLength..],
        };
    }

    // The version before had no secrets, and folders whose names follow from the number. What it began counts, once.
    private static OutcomeProof ProofOf(CycleItem item) => item.Folder is null ? OutcomeProof.NotNeeded : OutcomeProof.Of(item.SecretHash);

    private RunFolder FolderOf(Cycle cycle, CycleItem item) =>
        new(
            Path.Combine(
                paths.Run(cycle.Run.Id),
                Folder,
                item.Folder ?? string.Create(CultureInfo.InvariantCulture, $"{cycle.Run.Id}-{item.Number}")
            )
        );
}
