using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Core.Json;

/// <summary>
/// Changes of one value, member or item in the text of a file. Every byte that is not part of the change stays as it is: comments,
/// white space, line ends, the comma before a closing bracket. Pure; each change gives a new text, to be read anew before the next.
/// </summary>
internal static class JsonTextEdit
{
    /// <summary>Writes another value in the place of one.</summary>
    public static byte[] Replace(JsonText text, JsonTextNode value, JsonDraft draft)
    {
        var indentation = IndentationAt(text.Bytes.Span, value.Span.Start);
        return Apply(
            text,
            [(value.Span.Start, value.Span.End, draft.Render(JsonStyle.Of(text), JsonStyle.Of(text).IsOneLine ? null : indentation))]
        );
    }

    /// <summary>Adds a member behind another one of the same object, or as its first and only one.</summary>
    /// <param name="text">The file.</param>
    /// <param name="container">The object.</param>
    /// <param name="after">The index of the member that it follows; -1 in an empty object.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static byte[] AddMember(JsonText text, JsonTextNode container, int after, string name, JsonDraft value)
    {
        var style = JsonStyle.Of(text);
        return Add(text, container, after, style, indentation => JsonStrings.Quote(name) + style.Colon + value.Render(style, indentation));
    }

    /// <summary>Adds an item at the end of an array.</summary>
    public static byte[] AddItem(JsonText text, JsonTextNode container, JsonDraft value)
    {
        var style = JsonStyle.Of(text);
        return Add(text, container, container.Items.Length - 1, style, indentation => value.Render(style, indentation));
    }

    /// <summary>Removes a member or an item with its comma, and its lines where nothing else stands in them.</summary>
    public static byte[] Remove(JsonText text, JsonTextNode container, int index)
    {
        var bytes = text.Bytes.Span;
        var elements = Elements(container);
        var (start, end) = (elements[index].Start, elements[index].End);
        var closing = container.Span.End - 1;
        var comma = FindComma(bytes, end, index + 1 < elements.Count ? elements[index + 1].Start : closing);
        var cuts = new List<(int Start, int End, string Text)>();
        if (comma >= 0 && IsBlank(bytes[end..comma]))
        {
            end = comma + 1;
        }
        else if (comma >= 0)
        {
            cuts.Add((comma, comma + 1, ""));
        }
        else if (index > 0)
        {
            var before = FindComma(bytes, elements[index - 1].End, start);
            if (IsBlank(bytes[(before + 1)..start]) && OwnLines(bytes, start, end) is null)
            {
                start = before;
            }
            else
            {
                cuts.Add((before, before + 1, ""));
            }
        }

        if (elements.Count == 1 && IsBlank(bytes[(container.Span.Start + 1)..start]) && IsBlank(bytes[end..closing]))
        {
            cuts.Add((container.Span.Start + 1, closing, ""));
        }
        else if (OwnLines(bytes, start, end) is var (from, to))
        {
            cuts.Add((from, to, ""));
        }
        else
        {
            cuts.Add((start, comma >= 0 ? SkipBlanks(bytes, end) : end, ""));
        }

        return Apply(text, cuts);
    }

    private static byte[] Add(JsonText text, JsonTextNode container, int after, JsonStyle style, Func<string?, string> write)
    {
        var bytes = text.Bytes.Span;
        var elements = Elements(container);
        var closing = container.Span.End - 1;
        if (elements.Count == 0)
        {
            return Apply(text, [AddFirst(bytes, container, style, write)]);
        }

        var (start, end) = (elements[after].Start, elements[after].End);
        var ownLine = IsLineStart(bytes, start) ? IndentationAt(bytes, start) : null;
        var isLast = after == elements.Count - 1;
        var limit = isLast ? closing : elements[after + 1].Start;
        var comma = FindComma(bytes, end, limit);
        var behind = comma >= 0 ? comma + 1 : end;
        var gap = ownLine is not null ? style.NewLine + ownLine : GapBefore(bytes, isLast ? start : limit, style);
        var place = ownLine is not null ? EndOfLineTail(bytes, behind, limit) : behind;
        var added = gap + write(ownLine) + (comma >= 0 ? "," : "");
        return comma >= 0 ? Apply(text, [(place, place, added)])
            : place == end ? Apply(text, [(end, end, "," + added)])
            : Apply(text, [(end, end, ","), (place, place, added)]);
    }

    private static (int Start, int End, string Text) AddFirst(
        ReadOnlySpan<byte> bytes,
        JsonTextNode container,
        JsonStyle style,
        Func<string?, string> write
    )
    {
        var closing = container.Span.End - 1;
        var place = closing;
        while (place > container.Span.Start + 1 && bytes[place - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            place--;
        }

        if (style.IsOneLine)
        {
            return (place, place, write(null));
        }

        var outer = IndentationAt(bytes, container.Span.Start);
        var close = bytes[place..closing].Contains((byte)'\n') ? "" : style.NewLine + outer;
        return (place, place, style.NewLine + outer + style.Unit + write(outer + style.Unit) + close);
    }

    private static byte[] Apply(JsonText text, List<(int Start, int End, string Text)> changes)
    {
        var bytes = text.Bytes.Span;
        using var result = new MemoryStream(bytes.Length + 256);
        var at = 0;
        foreach (var (start, end, with) in changes.OrderBy(static change => change.Start))
        {
            result.Write(bytes[at..start]);
            result.Write(Encoding.UTF8.GetBytes(with));
            at = end;
        }

        result.Write(bytes[at..]);
        return result.ToArray();
    }

    private static List<ByteSpan> Elements(JsonTextNode container) =>
        container.Kind is JsonValueKind.Object
            ? [.. container.Members.Select(static member => new ByteSpan(member.NameSpan.Start, member.Value.Span.End))]
            : [.. container.Items.Select(static item => item.Span)];

    // The white space that the file has before an element in the same line; what begins a line gives no example.
    private static string GapBefore(ReadOnlySpan<byte> bytes, int start, JsonStyle style)
    {
        var from = start;
        while (bytes[from - 1] is (byte)' ' or (byte)'\t')
        {
            from--;
        }

        return bytes[from - 1] == (byte)',' ? Encoding.UTF8.GetString(bytes[from..start]) : style.Separator[1..];
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static int SkipBlanks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static bool IsLineStart(ReadOnlySpan<byte> bytes, int at) =>
        bytes[..at].LastIndexOf((byte)'\n') is var line and >= 0 && IsBlank(bytes[(line + 1)..at]);

    private static string IndentationAt(ReadOnlySpan<byte> bytes, int at)
    {
        var line = bytes[..at].LastIndexOf((byte)'\n') + 1;
        return line == 0 ? "" : Encoding.UTF8.GetString(bytes[line..SkipBlanks(bytes, line)]);
    }

    // From the first to behind the last of the lines that hold nothing else.
    private static (int Start, int End)? OwnLines(ReadOnlySpan<byte> bytes, int start, int end)
    {
        end = SkipBlanks(bytes, end);
        var lineEnd =
            bytes[end..].StartsWith("\r\n"u8) ? 2
            : bytes[end..].StartsWith("\n"u8) ? 1
            : 0;
        return lineEnd > 0 && IsLineStart(bytes, start) ? (bytes[..start].LastIndexOf((byte)'\n') + 1, end + lineEnd) : null;
    }

    /// <summary>Behind the comments that end the line, where there is nothing else in it up to its end; else where it began.</summary>
    private static int EndOfLineTail(ReadOnlySpan<byte> bytes, int from, int limit)
    {
        var (at, behind) = (from, from);
        while (at < limit && bytes[at] is not ((byte)'\r' or (byte)'\n'))
        {
            if (bytes[at] is (byte)' ' or (byte)'\t')
            {
                at++;
            }
            else if (EndOfComment(bytes, at) is { } end && end <= limit && !bytes[at..end].Contains((byte)'\n'))
            {
                at = behind = end;
            }
            else
            {
                return from;
            }
        }

        return at < limit ? behind : from;
    }

    private static int FindComma(ReadOnlySpan<byte> bytes, int from, int limit)
    {
        while (from < limit)
        {
            if (bytes[from] == (byte)',')
            {
                return from;
            }

            from = EndOfComment(bytes, from) ?? (from + 1);
        }

        return -1;
    }

    // Only called between tokens of a text that was read well, so a comment that begins also ends.
    private static int? EndOfComment(ReadOnlySpan<byte> bytes, int at)
    {
        var rest = bytes[at..];
        if (rest.StartsWith("//"u8))
        {
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            return end < 0 ? bytes.Length : at + end;
        }

        return rest.StartsWith("/*"u8) ? at + 2 + rest[2..].IndexOf("*/"u8) + 2 : null;
    }
}
