using System.Text;

namespace LoopOrchestrator.Core.Commits;

/// <summary>Keeps the end of what a program prints, and no more of it in memory than that. Safe for several writers.</summary>
internal sealed class OutputTail
{
    private const int MaxBytes = 8 * 1024;
    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[MaxBytes];
    private long _written;

    /// <summary>Reads a stream to its end.</summary>
    public async Task TakeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            Add(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Whole lines, if there is any whole one.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var length = (int)Math.Min(_written, MaxBytes);
            var bytes = new byte[length];
            for (var index = 0; index < length; index++)
            {
                bytes[index] = _ring[(_written - length + index) % MaxBytes];
            }

            var text = Encoding.UTF8.GetString(bytes);
            return (
                _written > MaxBytes && text.IndexOf('\n', StringComparison.Ordinal) is var line and >= 0 ? text[(line + 1)..] : text
            ).TrimEnd();
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (var value in bytes)
            {
                _ring[_written++ % MaxBytes] = value;
            }
        }
    }
}
