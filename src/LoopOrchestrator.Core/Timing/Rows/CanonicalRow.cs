using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Reads rows exactly as this program writes them, without the guesses that others need; nearly every row of a long log is one.
/// For these rows it says what <see cref="TimingColumns"/> would say, and it passes on all others.
/// </summary>
internal sealed class CanonicalRow
{
    private const int Columns = 9;
    private const int MomentLength = 24;

    // A shorter text is never taken for a moment.
    private const int MinMomentLength = 16;

    // Modes, results and priorities repeat; a collision costs one string.
    private readonly string[] _known = new string[256];

    /// <summary>Reads a row, or returns <see langword="null"/> when it is none of ours.</summary>
    /// <param name="bytes">The line without its line feed.</param>
    /// <param name="line">Its number.</param>
    public TimingEntry? Read(ReadOnlySpan<byte> bytes, int line)
    {
        if (bytes.EndsWith("\r"u8))
        {
            bytes = bytes[..^1];
        }

        Span<Range> fields = stackalloc Range[Columns + 1];
        if (bytes.Length < MomentLength || Split(bytes, fields) != Columns || bytes.Contains((byte)0) || !Utf8.IsValid(bytes))
        {
            return null;
        }

        var mode = bytes[fields[1]];
        var id = bytes[fields[2]];
        var start = bytes[fields[3]];
        var isOurs =
            TryMoment(bytes[fields[0]], out var timestamp)
            & (mode.Length < MinMomentLength || !IsDigit(mode[0]))
            & (start.Length > 0 || id.Length < MinMomentLength)
            & TryMomentOrEmpty(start, out var startTime)
            & TryMomentOrEmpty(bytes[fields[4]], out var endTime)
            & TrySeconds(bytes[fields[5]], out var seconds);
        var priority = Known(bytes[fields[8]]);
        return isOurs && TimingPriority.IsKnown(priority)
            ? new TimingEntry(
                TimingEntryKind.Interval,
                line,
                timestamp,
                Known(mode),
                Text(id),
                startTime,
                endTime,
                seconds,
                Text(bytes[fields[6]]),
                Known(bytes[fields[7]]),
                priority
            )
            : null;
    }

    private static int Split(ReadOnlySpan<byte> bytes, Span<Range> fields)
    {
        var (count, from) = (0, 0);
        while (count < fields.Length)
        {
            var tab = bytes[from..].IndexOf((byte)'\t');
            fields[count++] = tab < 0 ? from.. : from..(from + tab);
            if (tab < 0)
            {
                break;
            }

            from += tab + 1;
        }

        return count;
    }

    private string Known(ReadOnlySpan<byte> text)
    {
        const int MaxLength = 32;
        if (text.Length is 0 or > MaxLength)
        {
            return Text(text);
        }

        var place = ((text[0] * 31) + (text[^1] * 7) + (text[text.Length / 2] * 3) + text.Length) & (_known.Length - 1);
        return _known[place] is { } known && Ascii.Equals(text, known) ? known : _known[place] = Text(text);
    }

    private static string Text(ReadOnlySpan<byte> text) => ControlPictures.Decode(Encoding.UTF8.GetString(text));

    private static bool TryMomentOrEmpty(ReadOnlySpan<byte> text, out DateTimeOffset? moment)
    {
        moment = null;
        if (text.Length == 0)
        {
            return true;
        }

        var isMoment = TryMoment(text, out var value);
        moment = value;
        return isMoment;
    }

    /// <summary>Exactly what <see cref="TimingTime.Format"/> writes.</summary>
    private static bool TryMoment(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;
        if (
            text.Length != MomentLength
            || text[4] != '-'
            || text[7] != '-'
            || text[10] != 'T'
            || text[13] != ':'
            || text[16] != ':'
            || text[19] != '.'
            || text[23] != 'Z'
        )
        {
            return false;
        }

        var isNumber =
            TryNumber(text[..4], out var year)
            & TryNumber(text[5..7], out var month)
            & TryNumber(text[8..10], out var day)
            & TryNumber(text[11..13], out var hour)
            & TryNumber(text[14..16], out var minute)
            & TryNumber(text[17..19], out var second)
            & TryNumber(text[20..23], out var millisecond);
        if (
            !isNumber
            || year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth((int)year, (int)month)
            || hour > 23
            || minute > 59
            || second > 59
        )
        {
            return false;
        }

        moment = new DateTimeOffset((int)year, (int)month, (int)day, (int)hour, (int)minute, (int)second, (int)millisecond, TimeSpan.Zero);
        return true;
    }

    private static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';

    private static bool TrySeconds(ReadOnlySpan<byte> text, out long? seconds)
    {
        const int MaxLength = 9;
        seconds = null;
        if (text.Length == 0)
        {
            return true;
        }

        seconds = text.Length <= MaxLength && TryNumber(text, out var value) ? value : null;
        return seconds is not null;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!IsDigit(digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
