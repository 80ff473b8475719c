using System.Text;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// What an agent prints: kept in a file up to a limit, the excess counted and dropped, its end remembered. Memory does not grow
/// with what is printed. Safe for both streams at once.
/// </summary>
internal sealed class OutputLog : IDisposable
{
    private const int TailBytes = 4096;

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly byte[] _tail = new byte[TailBytes];
    private int _tailLength;

    public OutputLog(string path, long limit, TimeProvider time)
    {
        // Unbuffered: whoever reads the file sees what was printed.
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _limit = limit;
        _time = time;
    }

    public long KeptBytes { get; private set; }

    public long DroppedBytes { get; private set; }

    /// <summary>When something was last printed; <see langword="null"/> before the first byte.</summary>
    public long? LastOutputTimestamp { get; private set; }

    /// <summary>Something was printed, whether or not it is kept.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            LastOutputTimestamp = _time.GetTimestamp();
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            LastOutputTimestamp = _time.GetTimestamp();
            Remember(bytes);
            var keep = (int)Math.Min(bytes.Length, Math.Max(0, _limit - KeptBytes));
            try
            {
                _file.Write(bytes[..keep]);
                KeptBytes += keep;
                DroppedBytes += bytes.Length - keep;
            }
            catch (IOException)
            {
                // A full disk must not end the run: what could not be kept is counted as dropped.
                DroppedBytes += bytes.Length;
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
                if (DroppedBytes > 0)
                {
                    _file.Write(Encoding.UTF8.GetBytes($"\n[{DroppedBytes} more bytes of output were dropped: the limit is {_limit} bytes]\n"));
                }

                _file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // The outcome, which is written next, counts what was dropped; a full disk must not keep the run from ending.
            }
        }
    }

    public void Dispose() => _file.Dispose();

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
