using System.Text.Json;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Audit;

/// <summary>Reads the audit log from its end, as far as it is asked for: what was done last is wanted first.</summary>
internal static class AuditReader
{
    private const int PieceBytes = 64 * 1024;

    // No line of ours is longer. A file without line ends is none of ours, and is not read to its beginning for one.
    private const int MaxLineBytes = 64 * 1024;

    /// <summary>The latest entries that fit, the latest first.</summary>
    /// <param name="paths">The workspace's files.</param>
    /// <param name="fits">Which of them are wanted.</param>
    /// <param name="most">How many at the most.</param>
    public static AuditReading Read(WorkspacePaths paths, Func<AuditEntry, bool> fits, int most)
    {
        var (entries, notRead) = (new List<AuditEntry>(), 0);
        foreach (var file in AuditLog.Of(paths).Files)
        {
            foreach (var line in Lines(file.FullName))
            {
                if (entries.Count == most)
                {
                    return new AuditReading(entries, notRead);
                }

                if (Parse(line) is not { } entry)
                {
                    notRead++;
                }
                else if (fits(entry))
                {
                    entries.Add(entry);
                }
            }
        }

        return new AuditReading(entries, notRead);
    }

    private static AuditEntry? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // From the last to the first, a piece of the file in memory at a time.
    private static IEnumerable<byte[]> Lines(string path)
    {
        using var handle = Open(path);
        if (handle is null)
        {
            yield break;
        }

        var position = RandomAccess.GetLength(handle);
        byte[] rest = [];
        while (position > 0)
        {
            var size = (int)Math.Min(PieceBytes, position);
            position -= size;
            var piece = new byte[size + rest.Length];
            var count = RandomAccess.Read(handle, piece.AsSpan(0, size), position);
            if (count < size)
            {
                yield break;
            }

            rest.CopyTo(piece, size);
            var end = piece.Length;
            for (
                var index = Array.LastIndexOf(piece, (byte)'\n', end - 1);
                index >= 0;
                index = end == 0 ? -1 : Array.LastIndexOf(piece, (byte)'\n', end - 1)
            )
            {
                if (end - index > 1)
                {
                    yield return piece[(index + 1)..end];
                }

                end = index;
            }

            rest = piece[..end];
            if (rest.Length > MaxLineBytes)
            {
                yield break;
            }
        }

        if (rest.Length > 0)
        {
            yield return rest;
        }
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle? Open(string path)
    {
        try
        {
            return GuardedFile.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
