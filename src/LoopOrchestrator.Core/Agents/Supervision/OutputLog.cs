using System.Text;
using LoopOrchestrator.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// What an agent prints: kept in a file up to a limit for the whole and one for each line, the excess counted and dropped, its end
/// remembered. Memory does not grow with what is printed. Safe for both streams at once.
/// </summary>
internal sealed class OutputLog : IDisposable
{
    /// <summary>
    /// The longest line that is kept whole, in bytes: 1 MiB, as much as an event may have. One endless line must not take the room of all
    /// that comes after it.
    /// </summary>
    public const int MaxLineLength = 1024 * 1024;

    private const int TailBytes = 4096;
    private const long Never = long.MinValue;

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly byte[] _tail = new byte[TailBytes];
    private int _tailLength;
    private long _line;
    private long _cut;
    private long _beyond;

    // Read without the lock: whoever holds the limits must not wait for a file system that does not answer.
    private long _lastOutput = Never;

    public OutputLog(string path, long limit, TimeProvider time)
        : this(GuardedFile.Open(path, FileMode.Create, FileAccess.Write), limit, time) { }

    // Unbuffered: whoever reads the file sees what was printed.
    internal OutputLog(SafeFileHandle file, long limit, TimeProvider time)
    {
        _file = new FileStream(file, FileAccess.Write, bufferSize: 0);
        _limit = limit;
        _time = time;
    }

    public long KeptBytes { get; private set; }

    public long DroppedBytes { get; private set; }

    /// <summary>When something was last printed that was progress; <see langword="null"/> before the first byte.</summary>
    public long? LastOutputTimestamp => Volatile.Read(ref _lastOutput) is var last && last != Never ? last : null;

    /// <summary>Something was printed, whether or not it is kept.</summary>
    /// <param name="isProgress">Whether the program goes on by it; else it only counts as its first output.</param>
    public void Touch(bool isProgress = true)
    {
        if (isProgress || LastOutputTimestamp is null)
        {
            Volatile.Write(ref _lastOutput, _time.GetTimestamp());
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Remember(bytes);

            // Whole pieces at once: a write for each line would cost more than all else here.
            while (!bytes.IsEmpty)
            {
                if (bytes[0] == (byte)'\n')
                {
                    EndCutLine();
                }

                var length = Fitting(bytes);
                Keep(bytes[..length], isPrinted: true);
                bytes = bytes[length..];
                if (!bytes.IsEmpty)
                {
                    var end = bytes.IndexOf((byte)'\n');
                    var over = end < 0 ? bytes.Length : end;
                    _cut += over;
                    DroppedBytes += over;
                    bytes = bytes[over..];
                }
            }
        }
    }

    /// <summary>The end of the output as text.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            var start = 0;
            while (start < _tailLength && (_tail[start] & 0xC0) == 0x80)
            {
                start++;
            }

            return Encoding.UTF8.GetString(_tail, start, _tailLength - start).Trim();
        }
    }

    /// <summary>Says at the end of the file how much was dropped, and syncs it.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            try
            {
                EndCutLine();
                if (_beyond > 0)
                {
                    _file.Write(Encoding.UTF8.GetBytes($"\n[{_beyond} more bytes of output were dropped: the limit is {_limit} bytes]\n"));
                }

                _file.Flush(flushToDisk: true);
            }
            catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
            {
                // The outcome, which is written next, counts what was dropped; a full disk must not keep the run from ending.
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // How much can be kept before a line becomes too long.
    private int Fitting(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ;)
        {
            var end = bytes[at..].IndexOf((byte)'\n');
            var length = end < 0 ? bytes.Length - at : end;
            if (_line + length > MaxLineLength)
            {
                var room = (int)(MaxLineLength - _line);
                _line = MaxLineLength;
                return at + room;
            }

            if (end < 0)
            {
                _line += length;
                return bytes.Length;
            }

            _line = 0;
            at += end + 1;
        }
    }

    private void EndCutLine()
    {
        if (_cut > 0)
        {
            Keep(
                Encoding.UTF8.GetBytes($"[{_cut} more bytes of this line were dropped: a line may have {MaxLineLength}]"),
                isPrinted: false
            );
            _cut = 0;
            _line = 0;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes, bool isPrinted)
    {
        var keep = (int)Math.Min(bytes.Length, Math.Max(0, _limit - KeptBytes));
        try
        {
            _file.Write(bytes[..keep]);
            KeptBytes += keep;
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // A full disk, or a file as large as is allowed here (of which .NET makes the second kind), must not end the run: what could
            // not be kept is counted as dropped.
            keep = 0;
        }

        if (isPrinted)
        {
            DroppedBytes += bytes.Length - keep;
            _beyond += bytes.Length - keep;
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= TailBytes)
        {
            bytes[^TailBytes..].CopyTo(_tail);
            _tailLength = TailBytes;
            return;
        }

        var keep = Math.Min(_tailLength, TailBytes - bytes.Length);
        _tail.AsSpan(_tailLength - keep, keep).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(keep));
        _tailLength = keep + bytes.Length;
    }
}
