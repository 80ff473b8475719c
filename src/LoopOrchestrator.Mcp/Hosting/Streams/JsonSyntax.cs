using System.Buffers;

namespace LoopOrchestrator.Mcp.Hosting.Streams;

/// <summary>
/// Whether bytes that come in parts are one JSON document, without keeping any: for a body too large to be held for that. It looks at the
/// syntax alone, not at what letters the bytes of a text are. One thread at a time.
/// </summary>
internal sealed class JsonSyntax
{
    // As deep as a message may be; each level is a bit.
    private const int MaxDepth = 64;

    private static readonly SearchValues<byte> EndsOfPlainText = SearchValues.Create([
        (byte)'"',
        (byte)'\\',
        .. Enumerable.Range(0, ' ').Select(static control => (byte)control),
    ]);

    private State _state = State.Value;
    private ulong _objects;
    private int _depth;
    private bool _isName;
    private string _word = "";
    private int _at;

    private enum State
    {
        Value,
        FirstItem,
        FirstName,
        Name,
        Colon,
        Behind,
        Text,
        Escape,
        Digits,
        Word,
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
        Broken,
    }

    /// <summary>How many bytes were read up to now, or up to the first that cannot stand where it stands.</summary>
    public long Position { get; private set; }

    /// <summary>Whether what was read up to now is a whole document.</summary>
    public bool IsComplete => _depth == 0 && (_state == State.Behind || IsNumber(_state));

    /// <summary>Whether nothing but white space was read.</summary>
    public bool IsEmpty => _depth == 0 && _state == State.Value;

    /// <summary>Reads on.</summary>
    /// <returns>Whether it can still become a document.</returns>
    public bool Read(ReadOnlySpan<byte> part)
    {
        for (var index = 0; index < part.Length; index++, Position++)
        {
            if (_state == State.Text)
            {
                var plain = part[index..].IndexOfAny(EndsOfPlainText);
                var skipped = plain < 0 ? part.Length - index : plain;
                index += skipped;
                Position += skipped;
                if (plain < 0)
                {
                    return true;
                }
            }

            _state = Next(part[index]);
            if (_state == State.Broken)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNumber(State state) => state is State.Zero or State.Whole or State.Fraction or State.ExponentDigits;

    private static bool IsSpace(byte one) => one is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsDigit(byte one) => one is >= (byte)'0' and <= (byte)'9';

    private State Next(byte one) =>
        _state switch
        {
            State.Value or State.FirstItem or State.FirstName or State.Name or State.Colon or State.Behind when IsSpace(one) => _state,
            State.FirstItem when one == ']' => Leave(),
            State.Value or State.FirstItem => Begin(one),
            State.FirstName when one == '}' => Leave(),
            State.FirstName or State.Name => one == '"' ? BeginText(isName: true) : State.Broken,
            State.Colon => one == ':' ? State.Value : State.Broken,
            State.Text => one switch
            {
                (byte)'"' => _isName ? State.Colon : State.Behind,
                (byte)'\\' => State.Escape,
                _ => State.Broken,
            },
            State.Escape => one switch
            {
                (byte)'u' => Count(State.Digits),
                (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => State.Text,
                _ => State.Broken,
            },
            State.Digits => !char.IsAsciiHexDigit((char)one) ? State.Broken
            : ++_at == 4 ? State.Text
            : State.Digits,
            State.Word => one != _word[_at] ? State.Broken
            : ++_at == _word.Length ? State.Behind
            : State.Word,
            State.Behind => Follow(one),
            _ => NextOfNumber(one),
        };

    private State Begin(byte one) =>
        one switch
        {
            (byte)'{' => Enter(ofObject: true),
            (byte)'[' => Enter(ofObject: false),
            (byte)'"' => BeginText(isName: false),
            (byte)'-' => State.Minus,
            (byte)'0' => State.Zero,
            (byte)'t' => BeginWord("true"),
            (byte)'f' => BeginWord("false"),
            (byte)'n' => BeginWord("null"),
            _ => IsDigit(one) ? State.Whole : State.Broken,
        };

    private State NextOfNumber(byte one) =>
        _state switch
        {
            State.Minus => one == '0' ? State.Zero
            : IsDigit(one) ? State.Whole
            : State.Broken,
            State.Whole when IsDigit(one) => State.Whole,
            State.Zero or State.Whole when one == '.' => State.Point,
            State.Point or State.Fraction when IsDigit(one) => State.Fraction,
            State.Zero or State.Whole or State.Fraction when one is (byte)'e' or (byte)'E' => State.Exponent,
            State.Exponent when one is (byte)'+' or (byte)'-' => State.ExponentSign,
            State.Exponent or State.ExponentSign or State.ExponentDigits when IsDigit(one) => State.ExponentDigits,
            _ when IsNumber(_state) => IsSpace(one) ? State.Behind : Follow(one),
            _ => State.Broken,
        };

    // What may stand behind a value.
    private State Follow(byte one)
    {
        var ofObject = (_objects & 1) == 1;
        return _depth == 0 ? State.Broken
            : one == ',' ? (ofObject ? State.Name : State.Value)
            : one == '}' && ofObject ? Leave()
            : one == ']' && !ofObject ? Leave()
            : State.Broken;
    }

    private State Enter(bool ofObject)
    {
        if (++_depth > MaxDepth)
        {
            return State.Broken;
        }

        _objects = (_objects << 1) | (ofObject ? 1UL : 0);
        return ofObject ? State.FirstName : State.FirstItem;
    }

    private State Leave()
    {
        _objects >>= 1;
        _depth--;
        return State.Behind;
    }

    private State BeginText(bool isName)
    {
        _isName = isName;
        return State.Text;
    }

    private State BeginWord(string word)
    {
        _word = word;
        _at = 1;
        return State.Word;
    }

    private State Count(State state)
    {
        _at = 0;
        return state;
    }
}
