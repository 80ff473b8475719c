using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Starts commands of the configuration that are no runs (checks, gates) under a supervisor, each in a folder of its own, and looks how
/// they
/// ended, whoever started them. Keeps nothing in memory. Only for trusted workspaces.
/// </summary>
internal sealed class SupervisedCommand(
    WorkspacePaths paths,
    ISupervisorLauncher supervisors,
    TimeProvider time,
    Action supervisorEnded,
    ILogger logger
)
{
    /// <summary>The variable that every process of such a command has in its environment; its value is the folder's name.</summary>
    public const string Mark = "LOOP_CHECK_ID";

    private const long OutputBytes = 64 * 1024;

    private readonly SupervisorWatch _watch = new(paths, time, logger);

    /// <summary>Whether it was told to start, by this process or another.</summary>
    public static bool IsOrdered(RunFolder folder) => folder.ReadOrder() is not null || folder.ReadOutcome() is not null;

    /// <summary>Takes back the order of a server that died before a supervisor began with it. False when there is none such.</summary>
    public bool TryWithdraw(RunFolder folder) =>
        ProcessIdentity.Parse(folder.ReadOrder()?.OrderedBy) is { } server
        && !server.IsAlive()
        && _watch.TryWithdraw(folder, (Mark, NameOf(folder)));

    /// <summary>Whether any process of the command is alive. Nobody is found elsewhere than on Linux.</summary>
    public bool IsAtWork(RunFolder folder) => _watch.IsAtWork((Mark, NameOf(folder)));

    /// <summary>Starts a command. One that cannot be started has that as its outcome.</summary>
    /// <param name="order">The command.</param>
    /// <param name="start">The start whose hash is recorded.</param>
    /// <exception cref="IOException">Its folder is there already or cannot be written.</exception>
    public void Start(SupervisedCommandOrder order, SupervisorStart start) => Begin(order, start, Prepare(order, start));

    /// <summary>Starts a command whose order was written; of one that cannot be started, tells that it has its outcome.</summary>
    /// <param name="order">The command.</param>
    /// <param name="start">The start whose hash is recorded.</param>
    /// <param name="isReady">What <see cref="Prepare"/> has said.</param>
    public void Begin(SupervisedCommandOrder order, SupervisorStart start, bool isReady)
    {
        if (isReady)
        {
            Launch(order, start);
        }
        else
        {
            supervisorEnded();
        }
    }

    /// <summary>Writes the order of a command without starting it.</summary>
    /// <returns>False when it cannot be started; that is its outcome then.</returns>
    /// <inheritdoc cref="Start"/>
    public bool Prepare(SupervisedCommandOrder order, SupervisorStart start)
    {
        var folder = order.Folder;
        if (!folder.TryCreate())
        {
            throw new IOException($"{paths.Display(folder.FullPath)} is there already, and nobody has ordered it");
        }

        var search = ExecutableFinder.Find(order.Command[0], order.WorkingFolder);
        if (search.Path is not { } path)
        {
            CannotStart(order, start, $"'{order.Command[0]}' was not found; looked at {search.Places}");
            return false;
        }

        folder.Write(
            new SupervisorOrder
            {
                RunId = NameOf(folder),
                StartId = start.Id,
                Command = [path, .. order.Command.Skip(1)],
                WorkingFolder = order.WorkingFolder,
                Environment = new Dictionary<string, string>(order.Environment, StringComparer.Ordinal)
                {
                    [Mark] = NameOf(folder),
                    [RunEnvironment.Workspace] = paths.Root,
                },
                TimeoutSeconds = order.Limit.TotalSeconds,
                OutputLimitBytes = OutputBytes,
                Bell = paths.Bell,
                OrderedBy = ProcessIdentity.Current.ToString(),
                OrderedAt = time.GetUtcNow(),
            }
        );
        return true;
    }

    /// <summary>Starts the supervisor of a command that is prepared.</summary>
    public void Launch(SupervisedCommandOrder order, SupervisorStart start)
    {
        try
        {
            supervisors.Launch(order.Folder, start, supervisorEnded);
        }
        catch (UserErrorException exception)
        {
            CannotStart(
                order,
                start,
                exception.Message,
                exception is SupervisorNotStartedException ? SupervisorEnd.Shortage : SupervisorEnd.NotStarted
            );
            supervisorEnded();
        }
    }

    /// <summary>How it ended; <see langword="null"/> while it goes on. What a dead supervisor left behind is ended first.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="proof">What its outcome must show.</param>
    public Task<SupervisorOutcome?> CheckAsync(RunFolder folder, OutcomeProof proof)
    {
        var order = folder.ReadOrder();
        var isComingUp =
            ProcessIdentity.Parse(order?.OrderedBy)?.IsAlive() == true
            && time.GetUtcNow() - order!.OrderedAt < SupervisorWatch.StartPatience;
        return _watch.CheckAsync(folder, (Mark, NameOf(folder)), proof, isComingUp);
    }

    private void CannotStart(
        SupervisedCommandOrder order,
        SupervisorStart start,
        string reason,
        SupervisorEnd end = SupervisorEnd.NotStarted
    ) =>
        order.Folder.Write(
            new SupervisorOutcome
            {
                End = end,
                Reason = reason,
                EndedAt = time.GetUtcNow(),
                Secret = start.Secret,
            }
        );

    private static string NameOf(RunFolder folder) => Path.GetFileName(folder.FullPath);
}
