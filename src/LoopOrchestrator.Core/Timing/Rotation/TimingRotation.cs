using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>
/// Moves the months of the time log that are over to files of their own, <c>timing/task_timing-YYYY-MM.tsv</c>. No row is lost, changed
/// or counted twice, whenever the process dies. Of all processes one does it at a time; writers wait only while the rest of the log is
/// copied.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="settings">Whether it is wanted.</param>
/// <param name="trust">Whether git may be asked about a repository that leads elsewhere.</param>
/// <param name="time">The clock that says which months are over.</param>
public sealed class TimingRotation(WorkspacePaths paths, TimingSettings settings, WorkspaceTrust trust, TimeProvider time)
{
    // Copied while everybody who writes a row waits.
    private const long MaxKeptBytes = 256L * 1024 * 1024;

    /// <summary>Called when a step is done. For tests, which end the process there.</summary>
    internal Action<RotationStep>? OnStep { get; set; }

    /// <summary>Says what would be moved now, and changes nothing.</summary>
    /// <exception cref="UserErrorException">The log cannot be read.</exception>
    public Task<TimingRotated> PlanAsync(CancellationToken cancellationToken = default) =>
        GuardedAsync(async () =>
        {
            using var log = OpenLog();
            var plan = await PlanAsync(log, cancellationToken);
            return Result(plan, plan.WhyNotMore);
        });

    /// <summary>Moves what is over.</summary>
    /// <exception cref="UserErrorException">A file cannot be read or written; each row is where it was.</exception>
    public Task<TimingRotated> RotateAsync(CancellationToken cancellationToken = default) =>
        GuardedAsync(async () =>
        {
            if (settings.Rotate == false || !File.Exists(paths.Timing))
            {
                return Result(RotationPlan.None, settings.Rotate == false ? SwitchedOff : null);
            }

            StateFolder.Ensure(paths);
            using var turn = FileLock.TryAcquire(Path.Combine(paths.Locks, "timing-rotation.lock"));
            if (turn is null)
            {
                return Result(RotationPlan.None, "Another process is at it.");
            }

            if (Path.Exists(paths.TimingRotation))
            {
                using var held = await LockLogAsync(cancellationToken);
                RotationRecovery.Finish(paths);
            }

            using var log = OpenLog();
            var plan = await PlanAsync(log, cancellationToken);
            return plan.Months.Count == 0 ? Result(plan, plan.WhyNotMore) : await MoveAsync(log!, plan, cancellationToken);
        });

    private const string SwitchedOff = "It is switched off (timing.rotate in mcp_startup.json).";

    private static async Task<TimingRotated> GuardedAsync(Func<Task<TimingRotated>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The months of the time log that are over could not be moved ({exception.Message}); every row is where it was. "
                    + "Check permissions and free space; it is tried again within the hour.",
                exception
            );
        }
    }

    private TimingRotated Result(RotationPlan plan, string? whyNot) =>
        new([.. plan.Months.Select(part => new MovedMonth(Name(part.Month), part.Lines, part.To - part.From))], whyNot);

    private string Name(Month month) => paths.Display(MonthFiles.At(paths, month));

    private async Task<RotationPlan> PlanAsync(SafeFileHandle? log, CancellationToken cancellationToken)
    {
        if (settings.Rotate == false)
        {
            return RotationPlan.None with { WhyNotMore = SwitchedOff };
        }

        if (log is null)
        {
            return RotationPlan.None;
        }

        Span<byte> head = stackalloc byte[2];
        if (RandomAccess.Read(log, head, 0) == head.Length && head is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            return RotationPlan.None with { WhyNotMore = $"{paths.Display(paths.Timing)} is in UTF-16; save it as UTF-8." };
        }

        var now = time.GetUtcNow();
        Month? latest = MonthFiles.List(paths).Where(month => month.IsOver(now)).ToList() is [.., var last] ? last : null;
        var plan = RotationPlanner.Of(log, latest, now);
        return plan.Months.Count == 0 ? plan : await LimitAsync(plan, RandomAccess.GetLength(log), cancellationToken);
    }

    private async Task<RotationPlan> LimitAsync(RotationPlan plan, long length, CancellationToken cancellationToken)
    {
        if (length - plan.Cut > MaxKeptBytes)
        {
            return plan.Before(
                plan.Months[0],
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"What stays has {length - plan.Cut:N0} bytes, and at most {MaxKeptBytes:N0} are copied while others wait to write."
                )
            );
        }

        if (settings.Rotate == true)
        {
            return plan;
        }

        var (tracked, whyUnknown) = await TrackedTiming.AskAsync(paths, trust, time, cancellationToken);
        var log = paths.Display(paths.Timing);
        if (whyUnknown is not null || tracked.Contains(log))
        {
            var why = whyUnknown is null ? $"{log} is tracked by git" : $"Git cannot tell whether it tracks {log} ({whyUnknown})";
            return plan.Before(
                plan.Months[0],
                why + "; \"timing\": { \"rotate\": true } in mcp_startup.json moves its months all the same."
            );
        }

        return plan.Months.FirstOrDefault(part => tracked.Contains(Name(part.Month))) is { } first
            ? plan.Before(first, $"{Name(first.Month)} is tracked by git, so nothing is added to it.")
            : plan;
    }

    private async Task<TimingRotated> MoveAsync(SafeFileHandle log, RotationPlan plan, CancellationToken cancellationToken)
    {
        WorkspaceBounds.Check(paths, paths.TimingMonths);
        WorkspaceBounds.Check(paths, paths.Timing);
        GuardedFolder.CreateShared(paths.Root, paths.TimingMonths);
        DirectorySync.Flush(paths.Root);
        foreach (var part in plan.Months)
        {
            DurableFile.RemoveLeftovers(MonthFiles.Shared(paths, part.Month).Resolve().FullPath);
        }

        using var months = new MonthsWriter(paths, plan);
        months.Write(log, cancellationToken);
        OnStep?.Invoke(RotationStep.MonthsWritten);
        using var held = await LockLogAsync(cancellationToken);
        using var swap = new LogSwap(paths, plan) { OnStep = OnStep };
        return swap.Do(held, months)
            ? Result(plan, plan.WhyNotMore)
            : Result(RotationPlan.None, $"{paths.Display(paths.Timing)} or a month's file was changed meanwhile; it is tried again later.");
    }

    private ValueTask<FileLock> LockLogAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(TimingLog.LockPath(paths), cancellationToken: cancellationToken);

    private SafeFileHandle? OpenLog()
    {
        try
        {
            return new SharedPath(paths, paths.Timing, FileSizes.TimingInUtf16).OpenRead();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
