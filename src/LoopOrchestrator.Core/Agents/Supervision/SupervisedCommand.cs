using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Starts commands of the configuration that are no runs (checks, gates) under a supervisor, each in a folder of its own, and looks how they
/// ended, whoever started them. Keeps nothing in memory. Only for trusted workspaces.
/// </summary>
internal sealed class SupervisedCommand(WorkspacePaths paths, ISupervisorLauncher supervisors, TimeProvider time, Action supervisorEnded, ILogger logger)
{
    /// <summary>The variable that every process of such a command has in its environment; its value is the folder's name.</summary>
    public const string Mark = "LOOP_CHECK_ID";

    private const long OutputBytes = 64 * 1024;

    private readonly SupervisorWatch _watch = new(time, logger);

    /// <summary>Whether it was told to start, by this process or another.</summary>
    public static bool IsOrdered(RunFolder folder) => folder.ReadOrder() is not null || folder.ReadOutcome() is not null;

    /// <summary>Takes back the order of a server that died before a supervisor began with it. False when there is none such.</summary>
    public static bool TryWithdraw(RunFolder folder) =>
        ProcessIdentity.Parse(folder.ReadOrder()?.OrderedBy) is { } server && !server.IsAlive() && SupervisorWatch.TryWithdraw(folder, (Mark, NameOf(folder)));

    /// <summary>Starts a command. One that cannot be started has that as its outcome.</summary>
    /// <param name="folder">Its folder; its name is unique in the workspace.</param>
    /// <param name="command">The program, looked for from the workspace, and its arguments.</param>
    /// <param name="workingFolder">The folder that it works in.</param>
    /// <param name="limit">Its time limit.</param>
    /// <param name="environment">Variables to set beside the usual ones.</param>
    public void Start(RunFolder folder, IReadOnlyList<string> command, string workingFolder, TimeSpan limit, IReadOnlyDictionary<string, string>? environment = null)
    {
        folder.Create();
        try
        {
            var (path, looked) = ExecutableFinder.Find(command[0], paths.Root);
            if (path is null)
            {
                throw new UserErrorException($"'{command[0]}' was not found; looked at {string.Join(", ", looked)}");
            }

            folder.Write(new SupervisorOrder
            {
                RunId = NameOf(folder),
                Command = [path, .. command.Skip(1)],
                WorkingFolder = workingFolder,
                Environment = new Dictionary<string, string>(environment ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
                {
                    [Mark] = NameOf(folder),
                    [RunEnvironment.Workspace] = paths.Root,
                },
                TimeoutSeconds = limit.TotalSeconds,
                OutputLimitBytes = OutputBytes,
                Bell = paths.Bell,
                OrderedBy = ProcessIdentity.Current.ToString(),
                OrderedAt = time.GetUtcNow(),
            });
            supervisors.Launch(folder, supervisorEnded);
        }
        catch (UserErrorException exception)
        {
            folder.Write(new SupervisorOutcome { End = SupervisorEnd.NotStarted, Reason = exception.Message, EndedAt = time.GetUtcNow() });
            supervisorEnded();
        }
    }

    /// <summary>How it ended; <see langword="null"/> while it goes on. What a dead supervisor left behind is ended first.</summary>
    public Task<SupervisorOutcome?> LookAsync(RunFolder folder)
    {
        var order = folder.ReadOrder();
        var isComingUp = ProcessIdentity.Parse(order?.OrderedBy)?.IsAlive() == true && time.GetUtcNow() - order!.OrderedAt < SupervisorWatch.StartPatience;
        return _watch.LookAsync(folder, (Mark, NameOf(folder)), isComingUp);
    }

    private static string NameOf(RunFolder folder) => Path.GetFileName(folder.FullPath);
}
