using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// The note of an append under way, kept in the lock file of the file appended to: 8 bytes of offset, then the intended bytes.
/// An empty lock file means that nothing is under way. It protects against the death of a process, so it needs no sync.
/// </summary>
internal static class AppendNote
{
    private const int OffsetSize = sizeof(long);

    /// <summary>Notes that <paramref name="bytes"/> are about to be written at <paramref name="offset"/>.</summary>
    public static void Leave(SafeFileHandle lockFile, long offset, ReadOnlySpan<byte> bytes)
    {
        var note = new byte[OffsetSize + bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(note, offset);
        bytes.CopyTo(note.AsSpan(OffsetSize));
        RandomAccess.Write(lockFile, note, 0);
    }

    /// <summary>Takes away what an append that failed has written: only what is ours, and only while nothing follows it.</summary>
    public static void TakeBack(SafeFileHandle file, long offset, ReadOnlySpan<byte> intended)
    {
        var written = RandomAccess.GetLength(file) - offset;
        if (written <= 0 || written > intended.Length)
        {
            return;
        }

        var tail = new byte[written];
        if (RandomAccess.Read(file, tail, offset) == tail.Length && intended.StartsWith(tail))
        {
            RandomAccess.SetLength(file, offset);
        }
    }

    /// <summary>Takes the note back: the append is complete.</summary>
    public static void Clear(SafeFileHandle lockFile) => RandomAccess.SetLength(lockFile, 0);

    /// <summary>
    /// Settles what an earlier holder left unfinished: when the file ends in a proper beginning of the noted bytes, and nothing
    /// follows, that beginning is taken away. In every other case the file is left as it is.
    /// </summary>
    public static void Settle(SafeFileHandle lockFile, SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(lockFile);
        if (size == 0)
        {
            return;
        }

        if (size > OffsetSize)
        {
            var note = new byte[size];
            var read = RandomAccess.Read(lockFile, note, 0);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(note);
            var intended = note.AsSpan(OffsetSize, Math.Max(0, read - OffsetSize));
            if (offset >= 0 && RandomAccess.GetLength(file) - offset < intended.Length)
            {
                TakeBack(file, offset, intended);
            }
        }

        Clear(lockFile);
    }
}
