using System.Buffers;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>
/// Takes a JSON line of any length and keeps its structure, with long strings cut and the later members of long lists and objects left
/// out: so that an event of which one part is larger than what can be held is still understood. A list or object may fill half of the
/// room that the one around it has left, so what follows it still has room. A line that is no JSON stays none. Memory is bounded by the
/// limit for the whole.
/// </summary>
/// <param name="maxString">The most bytes of one string, as they stand in the text.</param>
/// <param name="maxTotal">The most bytes that are kept; a line that needs more even so is given up.</param>
internal sealed class JsonLineReducer(int maxString, int maxTotal)
{
    private const int UnicodeDigits = 4;

    // Types, subtypes and ids are shorter, and have this room wherever they stand.
    private const int MinString = 256;

    // As deep as what reads the line goes.
    private const int MaxDepth = 60;

    private readonly ArrayBufferWriter<byte> _kept = new();

    // For each open list or object: how much may be kept when its next member begins.
    private readonly Stack<int> _limits = new();
    private bool _leavesOut;
    private int _depthLeftOut;
    private bool _inString;
    private int _stringLimit;
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
            return KeepsStructure(one);
        }

        if (_escape > 0)
        {
            ContinueEscape(one);
            return !_dropping;
        }

        if (one == (byte)'"')
        {
            _inString = false;
            return !_leavesOut;
        }

        // Only between two characters, so that neither half of one remains: not before the second byte of UTF-8 or the second half of a
        // pair.
        _dropping = _dropping || (_length >= _stringLimit && (one & 0xC0) != 0x80 && !_wasHighHalf);
        _length++;
        _wasHighHalf = false;
        if (one == (byte)'\\')
        {
            _escape = 1;
        }

        return !_dropping;
    }

    private bool KeepsStructure(byte one)
    {
        switch (one)
        {
            case (byte)'"':
                (_inString, _dropping, _length, _wasHighHalf) = (true, _leavesOut, 0, false);
                _stringLimit = _limits.Count == 0 ? maxString : Math.Min(maxString, Math.Max(MinString, Room / 2));
                return !_leavesOut;
            case (byte)'{' or (byte)'[':
                return Open();
            case (byte)'}' or (byte)']':
                return Close();
            case (byte)',' when !_leavesOut && _limits.Count > 0 && Room <= 0:
                _leavesOut = true;
                return false;
            default:
                return !_leavesOut;
        }
    }

    private int Room => _limits.Peek() - _kept.WrittenCount;

    private bool Open()
    {
        if (_leavesOut)
        {
            _depthLeftOut++;
            return false;
        }

        // What closes them all has a quarter of the whole.
        _limits.Push(_limits.Count == 0 ? maxTotal / 4 * 3 : _kept.WrittenCount + Math.Max(0, Room / 2));
        _leavesOut = _limits.Count > MaxDepth;
        return true;
    }

    private bool Close()
    {
        if (_depthLeftOut > 0)
        {
            _depthLeftOut--;
            return false;
        }

        _leavesOut = false;
        _limits.TryPop(out _);
        return true;
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
