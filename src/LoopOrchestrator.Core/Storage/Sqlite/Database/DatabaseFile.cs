using System.Buffers.Binary;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// What the database's file tells without SQLite: a look at its first bytes and its length. Only for who has no connection to it in
/// this process: closing a file gives back all of the process's POSIX locks on it, SQLite's too.
/// </summary>
public static class DatabaseFile
{
    private const int HeaderLength = 100;

    /// <summary>
    /// Why the file can be no sound database, or <see langword="null"/>. A missing file is none; an empty one is what a start that was cut
    /// short leaves.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? FindDamage(string path)
    {
        if (Directory.Exists(path))
        {
            return "a folder is in its place";
        }

        if (!Path.Exists(path))
        {
            return null;
        }

        using var handle = GuardedFile.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderLength];
        var read = RandomAccess.Read(handle, header, 0);
        if (read == 0)
        {
            return null;
        }

        if (read < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
        {
            return "the file is not a database";
        }

        // https://www.sqlite.org/fileformat2.html#the_database_header: the page size, and the number of pages where it is known to be
        // right.
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is 1
            ? 65_536
            : BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var isCountRight = header[24..28].SequenceEqual(header[92..96]);
        var length = RandomAccess.GetLength(handle);
        var log = new FileInfo(path + "-wal");
        return isCountRight && length < pages * (long)pageSize && !(log.Exists && log.Length > 0)
            ? $"it is cut off: {length} of {pages * (long)pageSize} bytes are there"
            : null;
    }
}
