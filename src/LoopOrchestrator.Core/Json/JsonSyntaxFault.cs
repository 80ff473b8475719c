using System.Buffers;
using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Json;

/// <summary>
/// A syntax error in the words of somebody who edits the file. Derived from the bytes and the reader's state:
/// the exception's own text speaks of payloads and depths and counts lines from 0.
/// </summary>
/// <param name="Offset">The byte to point at.</param>
/// <param name="Message">What was found and what was expected.</param>
internal readonly record struct JsonSyntaxFault(int Offset, string Message)
{
    private const int ShownCharacters = 24;
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\r\n,:{}[]\""u8);

    public static JsonSyntaxFault Explain(JsonText text, JsonException exception, int start, JsonFaultState state)
    {
        var bytes = text.Bytes.Span;
        var failed = Math.Max(OffsetOf(bytes, exception, start), state.Consumed);
        var (token, comma) = SkipToToken(bytes, state);
        var expected = Expected(state, comma >= 0);
        var cutOff =
            failed >= bytes.Length
            && state.Inside is not JsonValueKind.Undefined
            && token < bytes.Length
            && bytes[token] is not ((byte)'"' or (byte)'/');
        if (token >= bytes.Length || cutOff)
        {
            var opened = text.GetPosition(state.Opened);
            return state.Inside is JsonValueKind.Undefined
                ? new(bytes.Length, $"the file ends where {expected} was expected")
                : new(
                    bytes.Length,
                    $"the file ends too early: the {Bracket(state.Inside)} opened at line {opened.Line}, column "
                        + $"{opened.Column} is never closed; expected {expected}"
                );
        }

        var first = (char)bytes[token];
        var needsSeparator = state.Inside is not JsonValueKind.Undefined && comma < 0 && IsValueEnd(state.Last);
        return first switch
        {
            '}' or ']' when comma >= 0 && IsClosing(first, state.Inside) => new(
                comma,
                $"there is a comma before the closing '{first}'; remove it"
            ),
            '/' => new(
                token,
                state.Lenient
                    ? "this comment is never closed, or it is not written as // or /* */"
                    : "comments are not allowed in this file; remove it"
            ),
            '{' or '[' when state.Depth >= JsonText.MaxDepth => new(token, $"values are nested more than {JsonText.MaxDepth} deep here"),
            '"' when !needsSeparator && state.Inside is not JsonValueKind.Undefined | state.Last is JsonTokenType.None => InString(
                text,
                token,
                failed
            ),
            '\'' => new(token, $"JSON writes names and strings in double quotes, not single ones; expected {expected}"),
            _ when needsSeparator && first is '"' or '{' or '[' => new(
                token,
                $"a comma is missing before {Show(bytes, token)}; expected {expected}"
            ),
            _ when state.Last is not JsonTokenType.None && state.Inside is JsonValueKind.Undefined => new(
                token,
                $"the value ends before {Show(bytes, token)}; nothing may follow it"
            ),
            (>= '0' and <= '9') or '-' or '+' or '.' when WantsValue(state, comma >= 0) => new(
                token,
                $"{Show(bytes, token)} is not a number as JSON writes one (no leading zero or plus, digits on both sides of the point)"
            ),
            (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') when WantsValue(state, comma >= 0) => new(
                token,
                $"{Show(bytes, token)} is no JSON value; write true, false, null, a number or a string in double quotes"
            ),
            _ => new(token, $"found {Show(bytes, token)} where {expected} was expected"),
        };
    }

    private static JsonSyntaxFault InString(JsonText text, int token, int failed)
    {
        var bytes = text.Bytes.Span;
        var at = Math.Min(failed, bytes.Length);
        if (at < bytes.Length && bytes[at] < 0x20)
        {
            return new(
                at,
                "a string may not hold a line break, tab or other control character; write \\n or \\t, or close the string before it"
            );
        }

        for (var back = at; back >= token && back > at - 6 && at < bytes.Length; back--)
        {
            if (bytes[back] == '\\')
            {
                return new(back, $"{Show(bytes, back)} is no escape that JSON knows; a backslash itself is written \\\\");
            }
        }

        return at < bytes.Length
            ? new(at, $"found {Show(bytes, at)} where a colon was expected after a name")
            : new(token, "the string that begins here is never closed; a double quote is missing");
    }

    private static string Expected(JsonFaultState state, bool afterComma) =>
        (state.Last, state.Inside) switch
        {
            (JsonTokenType.None, _) => "a value such as { or [",
            (JsonTokenType.PropertyName, _) => "the value of the name before it",
            (JsonTokenType.StartObject, _) => "a name in double quotes or '}'",
            (JsonTokenType.StartArray, _) => "a value or ']'",
            (_, JsonValueKind.Object) => afterComma ? "a name in double quotes" : "',' or '}'",
            (_, JsonValueKind.Array) => afterComma ? "a value" : "',' or ']'",
            _ => "the end of the file",
        };

    private static bool WantsValue(JsonFaultState state, bool afterComma) =>
        state.Last is JsonTokenType.None or JsonTokenType.PropertyName or JsonTokenType.StartArray
        || (afterComma && state.Inside is JsonValueKind.Array);

    private static bool IsValueEnd(JsonTokenType last) =>
        last is not (JsonTokenType.None or JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);

    private static bool IsClosing(char bracket, JsonValueKind inside) =>
        bracket
        == (
            inside switch
            {
                JsonValueKind.Object => '}',
                JsonValueKind.Array => ']',
                _ => '\0',
            }
        );

    private static string Bracket(JsonValueKind kind) => kind is JsonValueKind.Object ? "'{'" : "'['";

    /// <summary>
    /// The first byte that belongs to no white space, comment or separator, and the last comma passed on the way (or -1).
    /// </summary>
    private static (int Token, int Comma) SkipToToken(ReadOnlySpan<byte> bytes, JsonFaultState state)
    {
        var (at, comma) = (state.Consumed, -1);
        while (at < bytes.Length)
        {
            if (bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                at++;
            }
            else if (bytes[at] == ',' && comma < 0 && IsValueEnd(state.Last) && state.Inside is not JsonValueKind.Undefined)
            {
                comma = at++;
            }
            else if (state.Lenient && EndOfComment(bytes, at) is { } end)
            {
                at = end;
            }
            else
            {
                break;
            }
        }

        return (at, comma);
    }

    private static int? EndOfComment(ReadOnlySpan<byte> bytes, int at)
    {
        var rest = bytes[at..];
        if (rest.StartsWith("//"u8))
        {
            var end = rest.IndexOf((byte)'\n');
            return end < 0 ? bytes.Length : at + end;
        }

        return rest.StartsWith("/*"u8) && rest[2..].IndexOf("*/"u8) is var close and >= 0 ? at + close + 4 : null;
    }

    private static int OffsetOf(ReadOnlySpan<byte> bytes, JsonException exception, int start)
    {
        var at = start;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            var next = bytes[at..].IndexOf((byte)'\n');
            if (next < 0)
            {
                break;
            }

            at += next + 1;
        }

        return (int)Math.Min(bytes.Length, at + (exception.BytePositionInLine ?? 0));
    }

    private static string Show(ReadOnlySpan<byte> bytes, int offset)
    {
        var rest = bytes[offset..Math.Min(bytes.Length, offset + (4 * ShownCharacters))];
        var end = rest[1..].IndexOfAny(WordEnds) + 1;
        var word = Encoding.UTF8.GetString(end > 0 ? rest[..end] : rest);
        return $"'{TextCut.Head(word, ShownCharacters)}'";
    }
}
