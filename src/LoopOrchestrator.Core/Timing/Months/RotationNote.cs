using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>
/// What a rotation is about to do. It is on disk before the first file is replaced, and goes when the last one was. While it is there
/// and the log is still the one that it was made for, what the months have gained stands in the log as well and counts there.
/// </summary>
/// <param name="Length">The log's length then.</param>
/// <param name="Moved">How many of its first bytes go.</param>
/// <param name="Hash">SHA-256 of these, in hexadecimal.</param>
/// <param name="Months">The month files, in their order.</param>
internal sealed record RotationNote(long Length, long Moved, string Hash, IReadOnlyList<RotationNote.Grown> Months)
{
    private const int ChunkSize = 256 * 1024;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>A month file before and after.</summary>
    /// <param name="Month">The month.</param>
    /// <param name="Before">Its length before; 0 where there was none.</param>
    /// <param name="After">Its length after.</param>
    /// <param name="Hash">SHA-256 of what comes to it.</param>
    internal sealed record Grown(Month Month, long Before, long After, string Hash);

    /// <summary>
    /// The note that is there now; <see langword="null"/> where there is none, or none that may be read: the log is read all the same.
    /// </summary>
    public static string? ReadText(WorkspacePaths paths)
    {
        try
        {
            return DurableFile.ReadOrNull(paths.TimingRotation, MaxBytes) is { } content ? Encoding.UTF8.GetString(content) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; <see langword="null"/> for anything else.</summary>
    public static RotationNote? Parse(string? text)
    {
        var lines = text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (
            lines.Length < 2
            || lines[0].Split(' ') is not [var length, var moved, var hash]
            || Number(length) is not { } whole
            || Number(moved) is not { } prefix
        )
        {
            return null;
        }

        var months = new List<Grown>();
        foreach (var line in lines[1..])
        {
            if (
                line.Split(' ') is not [var name, var before, var after, var added]
                || Month.OfFile(name) is not { } month
                || Number(before) is not { } from
                || Number(after) is not { } to
            )
            {
                return null;
            }

            months.Add(new Grown(month, from, to, added));
        }

        return new RotationNote(whole, prefix, hash, months);
    }

    /// <summary>Leaves the note.</summary>
    public void Write(WorkspacePaths paths)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Length} {Moved} {Hash}\n"));
        foreach (var month in Months)
        {
            text.Append(CultureInfo.InvariantCulture, $"{month.Month.FileName} {month.Before} {month.After} {month.Hash}\n");
        }

        DurableFile.Replace(paths.TimingRotation, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Whether a log is still the one that nothing was taken from.</summary>
    /// <param name="log">The log; <see langword="null"/> where there is none.</param>
    public bool IsStillWhole(SafeFileHandle? log) =>
        log is not null && RandomAccess.GetLength(log) >= Length && HashOf(log, 0, Moved) == Hash;

    /// <summary>SHA-256 of a part of a file.</summary>
    public static string HashOf(SafeFileHandle file, long from, long to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkSize];
        while (from < to && RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), from) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            from += read;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
