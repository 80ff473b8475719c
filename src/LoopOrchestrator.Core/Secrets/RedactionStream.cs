using System.Buffers;
using System.Text;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>
/// Takes credentials out of a stream of bytes, wherever it is cut into pieces. Only what may be the beginning of one is held back, a few
/// kilobytes at the most; all other bytes pass as they are. For one writer.
/// </summary>
internal sealed class RedactionStream(Redactor redactor, RedactionStream.Sink sink)
{
    private const int MaxHeldLength = 8 * 1024;
    private const int MaxKeyLength = 64 * 1024;
    private const int MaxLabelLength = 64;
    private const int MaxUserInfoLength = 256;
    private const string KeyEnd = "-----END ";
    private const string Dashes = "-----";

    private static readonly SearchValues<char> KeyBody = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=\\:,- \t\r\n"
    );
    private static readonly SearchValues<char> UserInfoEnd = SearchValues.Create("@/?#\"'<>\\ \t\r\n");

    private readonly ArrayBufferWriter<byte> _clean = new();
    private char[] _text = [];
    private int _length;
    private (char Last, char BeforeLast) _passed;
    private SearchValues<char>? _skip;
    private int _keyLeft;

    /// <summary>Takes clean bytes.</summary>
    public delegate void Sink(ReadOnlySpan<byte> bytes);

    public void Write(ReadOnlySpan<byte> bytes) => Take(bytes, isLast: false);

    /// <summary>The stream is over: what was held back is let go.</summary>
    public void Complete() => Take([], isLast: true);

    private void Take(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (_text.Length < _length + bytes.Length)
        {
            Array.Resize(ref _text, _length + bytes.Length);
        }

        // One character for each byte, so that places are the same and nothing depends on the encoding.
        Encoding.Latin1.GetChars(bytes, _text.AsSpan(_length));
        _length += bytes.Length;
        var done = Process(_text.AsSpan(0, _length), isLast);
        _text.AsSpan(done, _length - done).CopyTo(_text);
        _length -= done;
        if (_clean.WrittenCount > 0)
        {
            sink(_clean.WrittenSpan);
            _clean.ResetWrittenCount();
        }
    }

    private int Process(ReadOnlySpan<char> text, bool isLast)
    {
        var at = 0;
        while (true)
        {
            if (_skip is { } body)
            {
                var rest = text[at..].IndexOfAnyExcept(body);
                if (rest < 0)
                {
                    return text.Length;
                }

                (at, _skip) = (at + rest, null);
            }

            if (_keyLeft > 0)
            {
                at = SkipKey(text, at, isLast);
                if (_keyLeft > 0)
                {
                    return at;
                }
            }

            var found = text[at..].IndexOfAny(redactor.Needles);
            if (found < 0)
            {
                var end = text.Length - (isLast ? 0 : redactor.PartialLength(text[at..]));
                Pass(text[at..end]);
                return end;
            }

            Pass(text.Slice(at, found));
            at += found;
            var next = Consume(text[at..], isLast);
            if (next < 0)
            {
                return at;
            }

            at += next;
        }
    }

    // Deals with what stands where a credential may begin. Negative when more text is needed to know.
    private int Consume(ReadOnlySpan<char> text, bool isLast)
    {
        foreach (var (value, name, isToken) in redactor.Values)
        {
            if (text.StartsWith(value) && (!isToken || IsBoundary()))
            {
                if (isToken && !isLast && text.Length == value.Length)
                {
                    return -1;
                }

                if (!isToken || text.Length == value.Length || !char.IsAsciiLetterOrDigit(text[value.Length]))
                {
                    Mark(name);
                    return value.Length;
                }
            }

            if (!isLast && text.Length < value.Length && value.AsSpan().StartsWith(text))
            {
                return -1;
            }
        }

        if (text.StartsWith(Redactor.KeyBegin))
        {
            return ConsumeKeyBegin(text, isLast);
        }

        if (text.StartsWith(Redactor.AddressBegin))
        {
            return ConsumeAddress(text, isLast);
        }

        foreach (var shape in SecretShapes.All)
        {
            if (!text.StartsWith(shape.Prefix) || !IsBoundary())
            {
                continue;
            }

            var (length, atEnd) = shape.Measure(text[shape.Prefix.Length..]);
            if (atEnd && !isLast && text.Length < MaxHeldLength)
            {
                return -1;
            }

            if (length > 0)
            {
                Pass(shape.KeepsPrefix ? shape.Prefix : "");
                Mark(shape.Kind);
                _skip = atEnd && !isLast ? shape.Body : null;
                return shape.Prefix.Length + length;
            }
        }

        Pass(text[..1]);
        return 1;
    }

    private int ConsumeKeyBegin(ReadOnlySpan<char> text, bool isLast)
    {
        var label = text[Redactor.KeyBegin.Length..Math.Min(text.Length, MaxLabelLength)];
        var end = label.IndexOf(Dashes);
        if (end < 0 && !isLast && text.Length < MaxLabelLength)
        {
            return -1;
        }

        if (end < 0 || label[..end].IndexOf("PRIVATE KEY") < 0)
        {
            Pass(text[..1]);
            return 1;
        }

        Mark("private-key");
        _keyLeft = MaxKeyLength;
        return Redactor.KeyBegin.Length + end + Dashes.Length;
    }

    // Up to the line that ends the key, or to something that no key holds, such as the end of a text in JSON.
    private int SkipKey(ReadOnlySpan<char> text, int at, bool isLast)
    {
        var rest = text[at..];
        var foreign = rest.IndexOfAnyExcept(KeyBody);
        var end = (foreign < 0 ? rest : rest[..foreign]).IndexOf(KeyEnd);
        if (end >= 0)
        {
            var close = rest[(end + KeyEnd.Length)..].IndexOf(Dashes);
            if (close < 0 && !isLast && rest.Length - end < MaxLabelLength)
            {
                return at + end;
            }

            _keyLeft = 0;
            return at + end + (close is >= 0 and < MaxLabelLength ? KeyEnd.Length + close + Dashes.Length : 0);
        }

        var gone = foreign >= 0 || isLast ? (foreign >= 0 ? foreign : rest.Length) : Math.Max(0, rest.Length - KeyEnd.Length);
        _keyLeft = foreign >= 0 ? 0 : Math.Max(0, _keyLeft - gone);
        return at + gone;
    }

    private int ConsumeAddress(ReadOnlySpan<char> text, bool isLast)
    {
        var start = Redactor.AddressBegin.Length;
        var userInfo = text[start..Math.Min(text.Length, MaxUserInfoLength)];
        var end = userInfo.IndexOfAny(UserInfoEnd);
        if (end < 0 && !isLast && text.Length < MaxUserInfoLength)
        {
            return -1;
        }

        var colon = end > 0 && userInfo[end] == '@' ? userInfo[..end].IndexOf(':') : -1;
        if (colon < 0 || colon + 1 == end || userInfo[colon + 1] is '$' or '%' or '[')
        {
            Pass(text[..start]);
            return start;
        }

        Pass(text[..(start + colon + 1)]);
        Mark("password");
        return start + end;
    }

    // Inside a word it is no prefix; behind an escaped line end of JSON it is.
    private bool IsBoundary() => !char.IsAsciiLetterOrDigit(_passed.Last) || (_passed is { BeforeLast: '\\', Last: 'n' or 'r' or 't' });

    private void Pass(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Encoding.Latin1.GetBytes(text, _clean.GetSpan(text.Length));
        _clean.Advance(text.Length);
        _passed = (text[^1], text.Length > 1 ? text[^2] : _passed.Last);
    }

    private void Mark(string kind)
    {
        _clean.Write(Encoding.UTF8.GetBytes($"[redacted:{kind}]"));
        _passed = (']', ':');
    }
}
