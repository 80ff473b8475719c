using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>
/// Puts prepared month files and what is left of the log in their places, under the lock of the log. The order is what makes it safe: the
/// note first, then the months, then the log, then the note is removed. See <see cref="RotationRecovery"/>.
/// </summary>
internal sealed class LogSwap(WorkspacePaths paths, RotationPlan plan) : IDisposable
{
    private readonly SharedPath _path = new(paths, paths.Timing, FileSizes.TimingInUtf16);
    private PreparedFile? _rest;

    /// <summary>Called when a step is done.</summary>
    public Action<RotationStep>? OnStep { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="held">The lock of the log.</param>
    /// <param name="months">The month files, written.</param>
    /// <returns>Whether it was done; not where the log or a month's file is no more what was copied.</returns>
    public bool Do(FileLock held, MonthsWriter months)
    {
        using var log = _path.OpenToChange();
        AppendNote.RecoverTornAppend(held.Handle, log);
        var length = RandomAccess.GetLength(log);
        if (length < plan.Cut || RotationNote.HashOf(log, 0, plan.Cut) != months.Hash || !months.IsUnchanged())
        {
            return false;
        }

        DurableFile.RemoveLeftovers(_path.Resolve().FullPath);
        _rest = new PreparedFile(_path, permissionsOf: paths.Timing);
        _rest.AddPart(log, 0, plan.Kept);
        _rest.Add(Encoding.UTF8.GetBytes(plan.HeaderBehind));
        _rest.AddPart(log, plan.Cut, length);
        _rest.Sync();
        OnStep?.Invoke(RotationStep.LogWritten);
        try
        {
            new RotationNote(length, plan.Cut, months.Hash, months.Grown).Write(paths);
            OnStep?.Invoke(RotationStep.Noted);
            months.Replace(() => OnStep?.Invoke(RotationStep.MonthReplaced));
            length = TakeOver(log, length);
            _rest.Replace();
        }
        catch
        {
            RotationRecovery.Finish(paths);
            throw;
        }

        OnStep?.Invoke(RotationStep.LogReplaced);

        // A program that takes no lock may have written to the old file until now, and to the new one since.
        AppendMode.Set(_rest.Handle!);
        TakeOver(log, length);
        MovedMonths.Add(paths, plan.Months.Select(static part => part.Month));
        GuardedFile.Delete(paths.TimingRotation);
        OnStep?.Invoke(RotationStep.Done);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _rest?.Dispose();

    private long TakeOver(SafeFileHandle log, long from)
    {
        var length = RandomAccess.GetLength(log);
        if (length > from)
        {
            _rest!.AddPart(log, from, length);
            _rest.Sync();
        }

        return Math.Max(length, from);
    }
}
