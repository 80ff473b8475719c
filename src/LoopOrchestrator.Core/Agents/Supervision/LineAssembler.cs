using System.Buffers;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Cuts a stream of bytes into lines. A line longer than the limit is passed over whole, so memory stays bounded.</summary>
internal sealed class LineAssembler(int longest, Action<ReadOnlyMemory<byte>> onLine)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _tooLong;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var newline && newline >= 0)
        {
            Append(bytes[..newline]);
            EndLine();
            bytes = bytes[(newline + 1)..];
        }

        Append(bytes);
    }

    /// <summary>The stream is over: what stands after the last line end is a line too.</summary>
    public void EndLine()
    {
        if (!_tooLong && _line.WrittenCount > 0)
        {
            onLine(_line.WrittenMemory);
        }

        _line.ResetWrittenCount();
        _tooLong = false;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_tooLong || _line.WrittenCount + bytes.Length > longest)
        {
            _tooLong = true;
            _line.ResetWrittenCount();
            return;
        }

        _line.Write(bytes);
    }
}
