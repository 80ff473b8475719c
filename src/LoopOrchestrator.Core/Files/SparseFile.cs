using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>Passes over the holes of a file: what reads as zeros and was never written. Linux only; elsewhere a file has none.</summary>
internal static class SparseFile
{
    private const int SeekData = 3;
    private const int NoSuchData = 6;

    /// <summary>Where the next written bytes are.</summary>
    /// <param name="file">The file; its position is of no meaning to anybody.</param>
    /// <param name="offset">Where to begin.</param>
    /// <returns>
    /// <paramref name="offset"/> itself where there is no hole or nobody can tell, the file's length where nothing else follows.
    /// </returns>
    public static long NextData(SafeFileHandle file, long offset)
    {
        if (!NativeFiles.IsUsable)
        {
            return offset;
        }

        var data = LibC.Lseek(file, offset, SeekData);
        return data >= offset ? data
            : Marshal.GetLastPInvokeError() == NoSuchData ? Math.Max(offset, RandomAccess.GetLength(file))
            : offset;
    }
}
