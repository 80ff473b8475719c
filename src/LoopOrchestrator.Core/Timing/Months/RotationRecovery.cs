using LoopOrchestrator.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>
/// Ends a rotation whose process died. Where the log had not been replaced yet, the months lose again what they had gained: all of it
/// still stands in the log. Where it had, only the note is left over.
/// </summary>
internal static class RotationRecovery
{
    /// <summary>Does so where it is needed. For whoever holds the lock of the log.</summary>
    /// <exception cref="IOException">
    /// A month's file was changed since, or cannot be written; the note stays, and what is in the log counts once.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static void Finish(WorkspacePaths paths)
    {
        // Asked for each hold of the lock.
        if (!Path.Exists(paths.TimingRotation))
        {
            return;
        }

        if (RotationNote.Parse(RotationNote.ReadText(paths)) is { } note && IsStillWhole(paths, note))
        {
            foreach (var grown in note.Months)
            {
                TakeBack(paths, grown);
            }
        }

        GuardedFile.Delete(paths.TimingRotation);
    }

    private static bool IsStillWhole(WorkspacePaths paths, RotationNote note)
    {
        using var log = TryOpen(new SharedPath(paths, paths.Timing, FileSizes.TimingInUtf16), static path => path.OpenRead());
        return note.IsStillWhole(log);
    }

    private static void TakeBack(WorkspacePaths paths, RotationNote.Grown grown)
    {
        var path = MonthFiles.Shared(paths, grown.Month);
        using (var file = TryOpen(path, static path => path.OpenToChange()))
        {
            var length = file is null ? 0 : RandomAccess.GetLength(file);
            if (length == grown.Before)
            {
                return;
            }

            if (length != grown.After || RotationNote.HashOf(file!, grown.Before, grown.After) != grown.Hash)
            {
                throw new IOException(
                    $"{paths.Display(path.FilePath)} was changed after a rotation of the time log had been broken off in it. "
                        + $"Its bytes from {grown.Before} on stand in {paths.Display(paths.Timing)} as well: remove them there or here, "
                        + $"then remove {paths.Display(paths.TimingRotation)}"
                );
            }

            if (grown.Before > 0)
            {
                RandomAccess.SetLength(file!, grown.Before);
                RandomAccess.FlushToDisk(file!);
                return;
            }
        }

        GuardedFile.Delete(path.Resolve().FullPath);
    }

    private static SafeFileHandle? TryOpen(SharedPath path, Func<SharedPath, SafeFileHandle> open)
    {
        try
        {
            return open(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
