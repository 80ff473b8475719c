using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>
/// Writes month files beside those that they will replace: what was in them, then what comes to them. Used by one thread.
/// </summary>
internal sealed class MonthsWriter(WorkspacePaths paths, RotationPlan plan) : IDisposable
{
    private const int ChunkSize = 128 * 1024;

    private readonly IncrementalHash _moved = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<(RotationNote.Grown Grown, string? Stamp, PreparedFile File)> _months = [];

    /// <summary>What becomes of each month's file.</summary>
    public IReadOnlyList<RotationNote.Grown> Grown => [.. _months.Select(static month => month.Grown)];

    /// <summary>SHA-256 of all bytes of the log up to the cut, as they were copied.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Writes them, and waits until they are on disk.</summary>
    public void Write(SafeFileHandle log, CancellationToken cancellationToken)
    {
        var head = new byte[plan.Kept];
        _moved.AppendData(head, 0, RandomAccess.Read(log, head, 0));
        foreach (var part in plan.Months)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(log, part);
        }

        Hash = Convert.ToHexString(_moved.GetHashAndReset());
    }

    /// <summary>Whether the files are still as they were when they were copied.</summary>
    public bool IsUnchanged() => _months.TrueForAll(month => Stamp(month.Grown.Month) == month.Stamp);

    /// <summary>Puts them in their places.</summary>
    /// <param name="replaced">Called after each.</param>
    public void Replace(Action replaced)
    {
        foreach (var (_, _, file) in _months)
        {
            file.Replace();
            replaced();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _months.ForEach(static month => month.File.Dispose());
        _moved.Dispose();
    }

    private void Write(SafeFileHandle log, RotationPlan.Part part)
    {
        var path = MonthFiles.Shared(paths, part.Month);
        var file = new PreparedFile(path, permissionsOf: paths.Timing);
        try
        {
            using var added = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var stamp = Stamp(part.Month);
            using var old = TryOpen(path);
            var before = old is null ? 0 : RandomAccess.GetLength(old);
            if (old is not null)
            {
                file.AddPart(old, 0, before);
            }

            file.Add(Encoding.UTF8.GetBytes(Joint(old, part.Header)), added);
            file.AddPart(log, part.From, part.To, added, _moved);
            file.Sync();
            var hash = Convert.ToHexString(added.GetHashAndReset());
            _months.Add((new RotationNote.Grown(part.Month, before, file.Length, hash), stamp, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // What stands between the old lines and the new ones, so that these are read as they were in the log.
    private string Joint(SafeFileHandle? old, string? header)
    {
        var wanted = header ?? TimingRow.Header;
        if (old is null)
        {
            return wanted + plan.LineEnd;
        }

        Span<byte> head = stackalloc byte[2];
        if (RandomAccess.Read(old, head, 0) == 2 && head is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            throw new IOException("the file of a month is in UTF-16, and rows come to it in UTF-8: save it as UTF-8");
        }

        var lines = new TimingLines("", []);
        var rest = ByteLines.Read(old, 0, long.MaxValue, (line, length) => lines.Next(line, length), ChunkSize);
        var end = rest.RestLength > 0 ? plan.LineEnd : "";
        if (rest.RestLength > 0)
        {
            lines.Next(rest.Rest, rest.RestLength);
        }

        var isInForce = lines.State.SawContent && (lines.State.Header ?? TimingRow.Header) == wanted;
        return isInForce ? end : end + wanted + plan.LineEnd;
    }

    private string? Stamp(Month month)
    {
        using var file = TryOpen(MonthFiles.Shared(paths, month));
        return file is null ? null : $"{RandomAccess.GetLength(file)} {File.GetLastWriteTimeUtc(file).Ticks} {SpecialFile.Identity(file)}";
    }

    private static SafeFileHandle? TryOpen(SharedPath path)
    {
        try
        {
            return path.OpenRead();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
