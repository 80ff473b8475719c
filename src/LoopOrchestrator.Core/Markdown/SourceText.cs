using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Markdown;

/// <summary>
/// A text file as a list of lines that keep their bytes: byte order mark, line ends and broken characters of untouched lines come
/// back as they were, so writing without a change is the identity for any content.
/// </summary>
internal sealed class SourceText
{
    private readonly ReadOnlyMemory<byte> _mark;
    private readonly ReadOnlyMemory<byte> _utf16;
    private readonly List<int> _brokenLines = [];

    private SourceText(ReadOnlyMemory<byte> mark, ReadOnlyMemory<byte> utf16)
    {
        _mark = mark;
        _utf16 = utf16;
    }

    /// <summary>The lines; to change the text, change the list.</summary>
    public List<SourceLine> Lines { get; } = [];

    /// <summary>The line end that most lines have; <c>\n</c> when there is none.</summary>
    public string LineEnd { get; private set; } = "\n";

    /// <summary>Whether the file is in UTF-16: it can be read, and must not be changed line by line.</summary>
    public bool IsUtf16 => !_utf16.IsEmpty;

    /// <summary>Reads any bytes.</summary>
    public static SourceText Parse(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            var encoding = new UnicodeEncoding(bigEndian: span[0] == 0xFE, byteOrderMark: true);
            var utf16 = new SourceText(default, bytes);
            utf16.Split(Encoding.UTF8.GetBytes(encoding.GetString(span[2..])));
            return utf16;
        }

        var markLength = span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var text = new SourceText(bytes[..markLength], default);
        text.Split(bytes[markLength..]);
        return text;
    }

    /// <summary>What is wrong with the encoding, by line.</summary>
    public IEnumerable<Diagnostic> EncodingDiagnostics(string file)
    {
        if (IsUtf16)
        {
            yield return new Diagnostic(
                DiagnosticSeverity.Warning,
                file,
                1,
                null,
                "The file is in UTF-16. It is read so, but not written: save it as UTF-8."
            );
        }

        foreach (var line in _brokenLines)
        {
            yield return new Diagnostic(
                DiagnosticSeverity.Warning,
                file,
                line,
                null,
                "Bytes that are not UTF-8, shown as \uFFFD; they stay as they are."
            );
        }
    }

    /// <summary>A new line with this text and the file's line end.</summary>
    public SourceLine NewLine(string text) => new(text, Encoding.UTF8.GetBytes(text + LineEnd));

    /// <summary>Gives the last line a line end if it has none, so that something can follow it.</summary>
    public void CompleteLastLine()
    {
        if (Lines.Count > 0 && !Lines[^1].Raw.Span.EndsWith("\n"u8))
        {
            Lines[^1] = Lines[^1] with { Raw = (byte[])[.. Lines[^1].Raw.Span, .. Encoding.UTF8.GetBytes(LineEnd)] };
        }
    }

    /// <summary>The length in bytes that <see cref="ToBytes"/> would have.</summary>
    public int ByteCount() => IsUtf16 ? _utf16.Length : _mark.Length + Lines.Sum(line => line.Raw.Length);

    /// <summary>The file's content.</summary>
    public byte[] ToBytes()
    {
        if (IsUtf16)
        {
            return _utf16.ToArray();
        }

        var result = new byte[ByteCount()];
        _mark.CopyTo(result);
        var position = _mark.Length;
        foreach (var line in Lines)
        {
            line.Raw.CopyTo(result.AsMemory(position));
            position += line.Raw.Length;
        }

        return result;
    }

    private void Split(ReadOnlyMemory<byte> bytes)
    {
        var (windows, unix) = (0, 0);
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var raw = end < 0 ? bytes : bytes[..(end + 1)];
            var content = raw.Span;
            if (content.EndsWith("\r\n"u8))
            {
                windows++;
                content = content[..^2];
            }
            else if (content.EndsWith("\n"u8))
            {
                unix++;
                content = content[..^1];
            }

            Lines.Add(new SourceLine(Encoding.UTF8.GetString(content), raw));
            if (!Utf8.IsValid(content))
            {
                _brokenLines.Add(Lines.Count);
            }

            bytes = bytes[raw.Length..];
        }

        LineEnd = windows > unix ? "\r\n" : "\n";
    }
}
