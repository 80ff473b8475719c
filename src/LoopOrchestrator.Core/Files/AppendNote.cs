using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// The note of an append under way, kept in the lock file of the file appended to: the offset and the number of the intended bytes,
/// 8 bytes each, then the bytes. Nothing is under way when the number is 0 or the lock file is empty.
/// It protects against the death of a process, so it needs no sync.
/// </summary>
internal static class AppendNote
{
    private const int HeadSize = 2 * sizeof(long);

    /// <summary>Notes that <paramref name="bytes"/> are about to be written at <paramref name="offset"/>.</summary>
    public static void Leave(SafeFileHandle lockFile, long offset, ReadOnlySpan<byte> bytes)
    {
        var note = new byte[HeadSize + bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(note, offset);
        BinaryPrimitives.WriteInt64LittleEndian(note.AsSpan(sizeof(long)), bytes.Length);
        bytes.CopyTo(note.AsSpan(HeadSize));
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

    /// <summary>The append is complete, and its holder goes on: the note is void. Its space is kept for the next one.</summary>
    public static void Void(SafeFileHandle lockFile) => RandomAccess.Write(lockFile, stackalloc byte[HeadSize], 0);

    /// <summary>Empties the lock file.</summary>
    public static void Clear(SafeFileHandle lockFile) => RandomAccess.SetLength(lockFile, 0);

    /// <summary>
    /// Completes what an earlier holder left unfinished: when the file ends in a proper beginning of the noted bytes, and nothing
    /// follows, that beginning is taken away. In every other case the file is left as it is.
    /// </summary>
    public static void RecoverTornAppend(SafeFileHandle lockFile, SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(lockFile);
        if (size == 0)
        {
            return;
        }

        var note = new byte[size];
        if (size > HeadSize && RandomAccess.Read(lockFile, note, 0) == size)
        {
            var offset = BinaryPrimitives.ReadInt64LittleEndian(note);
            var length = BinaryPrimitives.ReadInt64LittleEndian(note.AsSpan(sizeof(long)));
            if (offset >= 0 && length > 0 && length <= size - HeadSize && RandomAccess.GetLength(file) - offset < length)
            {
                TakeBack(file, offset, note.AsSpan(HeadSize, (int)length));
            }
        }

        Clear(lockFile);
    }
}
