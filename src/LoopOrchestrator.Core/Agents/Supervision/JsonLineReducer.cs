using System.Buffers;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Takes a JSON line of any length and keeps its structure, with each string cut to a limit: so that an event whose one text is
/// larger than what can be held is still understood. A line that is no JSON stays none. Memory is bounded by the limit for the whole.
/// </summary>
/// <param name="maxString">The most bytes of one string, as they stand in the text.</param>
/// <param name="maxTotal">The most bytes that are kept; a line with more than that besides its long strings is given up.</param>
internal sealed class JsonLineReducer(int maxString, int maxTotal)
{
    private const int UnicodeDigits = 4;
    private readonly ArrayBufferWriter<byte> _kept = new();
    private bool _inString;
    private bool _dropping;
    private int _length;

    // What is left of an escape that has begun: 1 for the character behind the backslash, then the digits of \u.
    private int _escape;
    private bool _isHighHalf;
    private bool _wasHighHalf;

    /// <summary>Whether more than the limit was to be kept, so that nothing is.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What was kept.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.WrittenMemory;

    /// <summary>Takes the next part of the line.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            if (IsOver)
            {
                return;
            }

            if (Keeps(one))
            {
                Keep(one);
            }
        }
    }

    private bool Keeps(byte one)
    {
        if (!_inString)
        {
            if (one == (byte)'"')
            {
                (_inString, _dropping, _length, _wasHighHalf) = (true, false, 0, false);
            }

            return true;
        }

        if (_escape > 0)
        {
            ContinueEscape(one);
            return !_dropping;
        }

        if (one == (byte)'"')
        {
            _inString = false;
            return true;
        }

        // Only between two characters, so that neither half of one remains: not before the second byte of UTF-8 or the second half of a pair.
        _dropping = _dropping || (_length >= maxString && (one & 0xC0) != 0x80 && !_wasHighHalf);
        _length++;
        _wasHighHalf = false;
        if (one == (byte)'\\')
        {
            _escape = 1;
        }

        return !_dropping;
    }

    private void ContinueEscape(byte one)
    {
        if (_escape == 1)
        {
            _escape = one == (byte)'u' ? 1 + UnicodeDigits : 0;
            _isHighHalf = false;
            return;
        }

        // \uD800 to \uDBFF is the first half of a pair.
        _isHighHalf = (_escape - 1) switch
        {
            UnicodeDigits => (one | 0x20) == 'd',
            UnicodeDigits - 1 => _isHighHalf && (one | 0x20) is '8' or '9' or 'a' or 'b',
            _ => _isHighHalf,
        };
        _escape--;
        if (_escape == 1)
        {
            _escape = 0;
            _wasHighHalf = _isHighHalf;
        }
    }

    private void Keep(byte one)
    {
        if (_kept.WrittenCount == maxTotal)
        {
            IsOver = true;
            _kept.ResetWrittenCount();
            return;
        }

        _kept.GetSpan(1)[0] = one;
        _kept.Advance(1);
    }
}
