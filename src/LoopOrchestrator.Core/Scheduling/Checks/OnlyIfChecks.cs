using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Trust;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>
/// Asks the <c>onlyIf</c> commands of occurrences that wait for them. Each runs under a supervisor like a run's agent, in a folder that is
/// made for it. The ledger has its name and what its outcome must show before it is started, so any process takes over what another one
/// began. Any trusted process may start one; the holder of the scheduler lock reads the answers.
/// </summary>
internal sealed partial class OnlyIfChecks(
    WorkspacePaths paths,
    ScheduleSource source,
    IOccurrenceLedger ledger,
    SupervisedCommand commands,
    ApprovedEntries seen,
    ServerRegistry servers,
    ILogger<OnlyIfChecks> logger
)
{
    /// <summary>How many folders of checks that are over are kept.</summary>
    public const int MaxKept = 50;

    /// <summary>How often a check is begun whose supervisor is killed.</summary>
    public const int MaxAttempts = 3;

    // Of checks whose occurrences were dropped while they were asked: each has a minute, and schedules are dropped seldom.
    private const int MaxDropped = 10;

    /// <summary>The time limit of one check.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Why no check can be made now; <see langword="null"/> when one can.</summary>
    public async Task<string?> RefusalAsync(CancellationToken cancellationToken = default) =>
        seen.IsTrusted || (await servers.AliveAsync(cancellationToken)).Any(static server => server.Trusted)
            ? null
            : "this workspace is not trusted, so its onlyIf command is not executed";

    /// <summary>Starts the checks that wait to be started, one of each schedule, if this process is trusted.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!seen.IsTrusted || await FirstOfEachAsync(cancellationToken) is not { Count: > 0 } waiting)
        {
            return;
        }

        // Two trusted processes look at the same rows; the second one finds the order of the first.
        using var turn = FileLock.TryAcquire(Path.Combine(paths.Locks, "checks.lock"));
        if (turn is null)
        {
            return;
        }

        foreach (var occurrence in await FirstOfEachAsync(cancellationToken))
        {
            if (
                occurrence.CheckFolder is null
                && source.Schedules.FirstOrDefault(schedule => schedule.Id == occurrence.ScheduleId) is { OnlyIf: { } command } schedule
            )
            {
                // Asked about the very command that is started: the file may be read again in between.
                if (seen.WhyHeld(OnlyIfTrust.Entry(schedule, paths.Display(source.FilePath))!) is { } held)
                {
                    await HoldAsync(occurrence, held, cancellationToken);
                }
                else if (await IsAloneAsync(occurrence, cancellationToken))
                {
                    await BeginAsync(occurrence, command, cancellationToken);
                }
            }
        }
    }

    /// <summary>What the check of an occurrence said; <see langword="null"/> while it goes on, or is to be done again.</summary>
    public async Task<CheckAnswer?> AnswerAsync(Occurrence occurrence, CancellationToken cancellationToken = default)
    {
        if (occurrence.CheckFolder is not { } folder)
        {
            return await RefusalAsync(cancellationToken) is { } refusal ? new CheckAnswer.No(refusal) : null;
        }

        if (await commands.CheckAsync(FolderOf(folder), OutcomeProof.Of(occurrence.CheckHash)) is not { } outcome)
        {
            return null;
        }

        if (outcome.End is SupervisorEnd.Interrupted or SupervisorEnd.Shortage && occurrence.Checking < MaxAttempts)
        {
            await ledger.CheckAgainAsync(occurrence, cancellationToken);
            return null;
        }

        return outcome.End switch
        {
            SupervisorEnd.Exited when outcome.ExitCode == 0 => new CheckAnswer.Yes(),
            SupervisorEnd.Exited => CheckAnswer.SaidNo(outcome.ExitCode),
            SupervisorEnd.NotStarted or SupervisorEnd.Shortage => CheckAnswer.NotStarted(outcome.Reason),
            _ => new CheckAnswer.No($"its onlyIf command gave no answer: {outcome.Reason}"),
        };
    }

    /// <summary>
    /// Why a schedule without a command does not fire: it had one when it was trusted. <see langword="null"/> when nothing is missing.
    /// </summary>
    public string? WhyUnguarded(Schedule schedule) =>
        seen.IsTrusted && OnlyIfTrust.Guards(schedule, paths.Display(source.FilePath), OnlyIfTrust.Files(paths)) is { } guards
            ? seen.WhyHeld(guards)
            : null;

    /// <summary>Keeps an occurrence waiting whose schedule has lost its command. False when nothing is missing.</summary>
    public async Task<bool> HoldUnguardedAsync(Schedule schedule, Occurrence occurrence, CancellationToken cancellationToken = default)
    {
        if (WhyUnguarded(schedule) is not { } held)
        {
            return false;
        }

        await HoldAsync(occurrence, held, cancellationToken);
        return true;
    }

    /// <summary>Removes folders of checks that are over, the oldest first, up to the number that is kept.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken = default)
    {
        if (!GuardedFolder.Exists(paths.Checks))
        {
            return;
        }

        var waiting = (await ledger.CheckingAsync(cancellationToken))
            .Where(static occurrence => occurrence.CheckFolder is not null)
            .Select(occurrence => FolderOf(occurrence.CheckFolder!).FullPath)
            .ToHashSet(StringComparer.Ordinal);
        var over = GuardedFolder.Folders(paths.Checks).Where(folder => !waiting.Contains(folder)).OrderBy(DueOf).ToList();
        foreach (var folder in over.SkipLast(MaxKept))
        {
            try
            {
                GuardedFolder.Delete(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.NotRemoved(logger, folder, exception.Message);
            }
        }
    }

    private async Task<List<Occurrence>> FirstOfEachAsync(CancellationToken cancellationToken) =>
        [.. (await ledger.CheckingAsync(cancellationToken)).DistinctBy(static occurrence => occurrence.ScheduleId, StringComparer.Ordinal)];

    private async Task HoldAsync(Occurrence occurrence, string reason, CancellationToken cancellationToken)
    {
        if (occurrence.Reason != reason && await ledger.HoldCheckAsync(occurrence, reason, cancellationToken))
        {
            Log.Held(logger, occurrence.ScheduleId, reason);
        }
    }

    private async Task BeginAsync(Occurrence occurrence, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var name = $"{NameOf(occurrence)}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        var (order, start) = (new SupervisedCommandOrder(FolderOf(name), command, paths.Root, Limit), SupervisorStart.Create());

        // The order first: with it whoever reads the ledger can tell that this process is about to start it.
        var isReady = commands.Prepare(order, start);
        if (!await ledger.BeginCheckAsync(occurrence, name, start.Hash, cancellationToken))
        {
            GuardedFolder.Delete(order.Folder.FullPath);
        }
        else
        {
            commands.Begin(order, start, isReady);
        }
    }

    // A check whose occurrence was dropped by a pause may still go on; it is ended before the schedule's next one begins.
    private async Task<bool> IsAloneAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        var isAlone = true;
        foreach (var other in (await ledger.DroppedChecksAsync(occurrence.ScheduleId, MaxDropped, cancellationToken)).Select(FolderOf))
        {
            if (
                Directory.Exists(other.FullPath)
                && other.ReadOrder() is not null
                && await commands.CheckAsync(other, OutcomeProof.NotNeeded) is null
            )
            {
                CancelOrder.Give(other, "its occurrence does not wait for it any more");
                isAlone = false;
            }
        }

        return isAlone;
    }

    private RunFolder FolderOf(string name) => new(Path.Combine(paths.Checks, name));

    private static string NameOf(Occurrence occurrence)
    {
        var schedule = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(occurrence.ScheduleId)))[..16];
        return string.Create(CultureInfo.InvariantCulture, $"{schedule}-{occurrence.DueAt.ToUnixTimeMilliseconds()}-{occurrence.Checking}");
    }

    private static long DueOf(string folder) =>
        Path.GetFileName(folder).Split('-') is [_, var due, ..]
        && long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var moment)
            ? moment
            : 0;

    private static partial class Log
    {
        [LoggerMessage(LogEvents.OnlyIfHeld, LogLevel.Warning, "Schedule {Schedule} is due and waits: {Reason}")]
        public static partial void Held(ILogger logger, string schedule, string reason);

        [LoggerMessage(
            LogEvents.OnlyIfFolderNotRemoved,
            LogLevel.Warning,
            "Could not remove the folder of a finished onlyIf check: {Folder}: {Error}"
        )]
        public static partial void NotRemoved(ILogger logger, string folder, string error);
    }
}
