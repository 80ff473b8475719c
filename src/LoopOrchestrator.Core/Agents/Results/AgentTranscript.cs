using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Agents.Results;

/// <summary>
/// Makes text to read along of what an agent prints: its events in words, any other line as it is. Takes the output in parts that may end
/// anywhere. One attempt of a run has one of these; for one caller at a time.
/// </summary>
internal sealed class AgentTranscript
{
    // A person who wants more of one result finds it in the output itself.
    private const int MaxLines = 12;
    private const int MaxText = 2000;
    private const int MaxLine = 1024 * 1024;
    private const int Indent = 11;
    private const string SaidKind = "assistant";

    private readonly IAgentPreset? _preset;
    private readonly LineAssembler _lines;
    private readonly StringBuilder _result = new();
    private string? _open;
    private string? _said;
    private int _withoutWords;

    /// <param name="preset">The agent's preset; <see langword="null"/> where it prints no events.</param>
    public AgentTranscript(IAgentPreset? preset)
    {
        _preset = preset;
        _lines = new LineAssembler(MaxLine, TakeLine);
    }

    /// <summary>How many events had nothing to read in them, or lines were too long, and are left out.</summary>
    public int LeftOut => _withoutWords + _lines.PassedOver;

    /// <summary>What can be read of a further part of the output.</summary>
    public string Add(string part)
    {
        if (_preset is null)
        {
            return part;
        }

        _lines.Add(Encoding.UTF8.GetBytes(part));
        return Written();
    }

    /// <summary>What is left when nothing follows: what stands after the last line end is a line too.</summary>
    public string End()
    {
        _lines.EndLine();
        EndEntry();
        return Written();
    }

    private string Written()
    {
        var text = _result.ToString();
        _result.Clear();
        return text;
    }

    private void TakeLine(ReadOnlyMemory<byte> line)
    {
        if (EntriesOf(line) is { } entries)
        {
            _withoutWords += entries.Count == 0 ? 1 : 0;
            entries.ForEach(Write);
        }
        else
        {
            EndEntry();
            _result.Append(Encoding.UTF8.GetString(line.Span).TrimEnd('\r')).Append('\n');
        }
    }

    private List<TranscriptEntry>? EntriesOf(ReadOnlyMemory<byte> line)
    {
        if (!line.Span.TrimStart((byte)' ').StartsWith("{"u8))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return [.. _preset!.Transcribe(document.RootElement).Where(IsOfUse)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsOfUse(TranscriptEntry entry) =>
        entry.IsPiece || (!string.IsNullOrWhiteSpace(entry.Text) && !(entry.IsRepeat && entry.Text.Trim() == _said));

    private void Write(TranscriptEntry entry)
    {
        _said = entry.IsPiece || entry.Kind != SaidKind ? _said : entry.Text.Trim();
        var goesOn = entry.IsPiece && entry.Kind == _open;
        if (!goesOn)
        {
            EndEntry();
            _result.Append(entry.Kind.PadRight(Indent));
        }

        // Pieces are never cut: of the whole that they belong to nobody knows the length yet.
        var text = entry.IsPiece ? entry.Text.ReplaceLineEndings("\n") : Cut(entry.Text.Trim().ReplaceLineEndings("\n"), entry.Kind);
        _result.Append(text.Replace("\n", "\n" + new string(' ', Indent), StringComparison.Ordinal));
        _open = entry.Kind;
        if (!entry.IsPiece)
        {
            EndEntry();
        }
    }

    private void EndEntry()
    {
        if (_open is not null)
        {
            _result.Append('\n');
            _open = null;
        }
    }

    // What the agent says is what a person came to read; what a tool gave back may be a whole file.
    private static string Cut(string text, string kind)
    {
        if (kind is not ("result" or "failed"))
        {
            return text;
        }

        var lines = text.Split('\n');
        var head = TextCut.Shorten(string.Join('\n', lines.Take(MaxLines)), MaxText);
        return lines.Length <= MaxLines ? head : $"{head}\n[{lines.Length - MaxLines} more lines]";
    }
}
