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
/// <param name="preset">The agent's preset; <see langword="null"/> where it prints no events.</param>
internal sealed class AgentTranscript(IAgentPreset? preset)
{
    // A person who wants more of one result, or an event larger than this, finds it in the output itself.
    private const int MaxLines = 12;
    private const int MaxText = 2000;
    private const int MaxLine = 4 * 1024 * 1024;
    private const int Indent = 11;
    private const string SaidKind = "assistant";

    private readonly StringBuilder _line = new();
    private string? _open;
    private string? _said;
    private bool _isPassedOver;

    /// <summary>How many events had nothing to read in them, or were too long, and are left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>What can be read of a further part of the output.</summary>
    public string Add(string part)
    {
        if (preset is null)
        {
            return part;
        }

        var result = new StringBuilder();
        var rest = part.AsSpan();
        while (rest.IndexOf('\n') is >= 0 and var end)
        {
            Take(rest[..end]);
            EndLine(result);
            rest = rest[(end + 1)..];
        }

        Take(rest);
        return result.ToString();
    }

    /// <summary>What is left when nothing follows: what stands after the last line end is a line too.</summary>
    public string End()
    {
        var result = new StringBuilder();
        EndLine(result);
        EndEntry(result);
        return result.ToString();
    }

    private void Take(ReadOnlySpan<char> text)
    {
        _isPassedOver = _isPassedOver || _line.Length + text.Length > MaxLine;
        if (!_isPassedOver)
        {
            _line.Append(text);
        }
    }

    private void EndLine(StringBuilder result)
    {
        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        if (_isPassedOver)
        {
            _isPassedOver = false;
            LeftOut++;
        }
        else if (line.Length > 0)
        {
            if (EntriesOf(line) is { } entries)
            {
                LeftOut += entries.Count == 0 ? 1 : 0;
                entries.ForEach(entry => Write(entry, result));
            }
            else
            {
                EndEntry(result);
                result.Append(line).Append('\n');
            }
        }
    }

    private List<TranscriptEntry>? EntriesOf(string line)
    {
        if (!line.AsSpan().TrimStart(' ').StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return [.. preset!.Transcribe(document.RootElement).Where(IsOfUse)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsOfUse(TranscriptEntry entry) =>
        entry.IsPiece || (!string.IsNullOrWhiteSpace(entry.Text) && !(entry.IsRepeat && entry.Text.Trim() == _said));

    private void Write(TranscriptEntry entry, StringBuilder result)
    {
        _said = entry.IsPiece || entry.Kind != SaidKind ? _said : entry.Text.Trim();
        var goesOn = entry.IsPiece && entry.Kind == _open;
        if (!goesOn)
        {
            EndEntry(result);
            result.Append(entry.Kind.PadRight(Indent));
        }

        // Pieces are never cut: of the whole that they belong to nobody knows the length yet.
        var text = entry.IsPiece ? entry.Text.ReplaceLineEndings("\n") : Cut(entry.Text.Trim().ReplaceLineEndings("\n"), entry.Kind);
        result.Append(text.Replace("\n", "\n" + new string(' ', Indent), StringComparison.Ordinal));
        _open = entry.Kind;
        if (!entry.IsPiece)
        {
            EndEntry(result);
        }
    }

    private void EndEntry(StringBuilder result)
    {
        if (_open is not null)
        {
            result.Append('\n');
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
