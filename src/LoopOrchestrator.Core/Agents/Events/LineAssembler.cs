using System.Buffers;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>
/// Cuts a stream of bytes into lines, in bounded memory: of a line longer than the limit the long strings are cut, and one that is too
/// long even so is passed over whole.
/// </summary>
/// <param name="maxLine">The most bytes of a line that is handed on as it stands.</param>
/// <param name="onLine">Takes each line; its memory is used again afterwards.</param>
internal sealed class LineAssembler(int maxLine, Action<ReadOnlyMemory<byte>> onLine)
{
    // More than anybody reads of one text (see AgentEvents).
    private const int MaxString = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>How many lines have ended so far and were handed on; empty ones are not.</summary>
    public long Lines { get; private set; }

    /// <summary>How many of them were too long and are passed over.</summary>
    public int PassedOver { get; private set; }

    private JsonLineReducer? _reducer;

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
        var line = _reducer is null ? _line.WrittenMemory : _reducer.Kept;
        if (!line.IsEmpty)
        {
            Lines++;
            onLine(line);
        }
        else if (_reducer is not null)
        {
            PassedOver++;
        }

        _line.ResetWrittenCount();
        _reducer = null;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_reducer is null && _line.WrittenCount + bytes.Length > maxLine)
        {
            _reducer = new JsonLineReducer(MaxString, maxLine);
            _reducer.Add(_line.WrittenSpan);
            _line.ResetWrittenCount();
        }

        if (_reducer is null)
        {
            _line.Write(bytes);
        }
        else
        {
            _reducer.Add(bytes);
        }
    }
}
