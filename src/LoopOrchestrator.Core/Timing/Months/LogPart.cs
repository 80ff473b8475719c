using System.Globalization;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Rows;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>One file of the time log, at its place among the others as if they were one behind the other.</summary>
/// <param name="Name">Its name in findings.</param>
/// <param name="Handle">The file; <see langword="null"/> for a log that is missing beside its months.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Bytes">How many of its bytes count.</param>
/// <param name="LacksEnd">Whether its last line has no end although another file follows; one counts behind its bytes then.</param>
internal sealed record LogPart(string Name, SafeFileHandle? Handle, long Start, long Bytes, bool LacksEnd) : IDisposable
{
    /// <summary>Where the next one begins.</summary>
    public long End => Start + Bytes + (LacksEnd ? 1 : 0);

    /// <summary>Whether it is in UTF-16, and so has no lines at byte offsets.</summary>
    public bool IsUtf16
    {
        get
        {
            Span<byte> head = stackalloc byte[2];
            return Handle is not null && RandomAccess.Read(Handle, head, 0) == 2 && head is [0xFF, 0xFE] or [0xFE, 0xFF];
        }
    }

    /// <summary>What tells another state of it.</summary>
    public string Stamp =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} {Bytes} {(Handle is null ? 0 : File.GetLastWriteTimeUtc(Handle).Ticks)}");

    /// <summary>Opens a month's file, which another one follows.</summary>
    public static LogPart Of(SharedPath path, string name, long start, long mostBytes)
    {
        var handle = path.OpenRead();
        var bytes = Math.Min(mostBytes, RandomAccess.GetLength(handle));
        Span<byte> last = stackalloc byte[1];
        var lacksEnd = bytes > 0 && RandomAccess.Read(handle, last, bytes - 1) == 1 && last[0] != (byte)'\n';
        return new LogPart(name, handle, start, bytes, lacksEnd);
    }

    /// <summary>Reads what stands at an offset of its own.</summary>
    public int Read(Span<byte> into, long offset)
    {
        var wanted = (int)Math.Clamp(Bytes - offset, 0, into.Length);
        var read = wanted == 0 || Handle is null ? 0 : RandomAccess.Read(Handle, into[..wanted], offset);
        if (LacksEnd && offset + read == Bytes && read < into.Length)
        {
            into[read++] = (byte)'\n';
        }

        return read;
    }

    /// <summary>Passes a part of it on to a cutter.</summary>
    public void Cut(LineCutter cutter, long from, long to, int chunkSize)
    {
        if (Handle is not null)
        {
            cutter.Read(Handle, from, Math.Min(to, Bytes), chunkSize);
        }

        if (to > Bytes && LacksEnd)
        {
            cutter.Add("\n"u8);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle?.Dispose();
}
