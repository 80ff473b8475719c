using System.Globalization;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// Whether JavaScript would compile a pattern (without flags, with the liberties of annex B). The framework's own syntax allows other
/// things: <c>(?i)</c> here, <c>[^]</c> there.
/// </summary>
internal sealed class ScriptRegex
{
    private readonly string _pattern;
    private readonly bool _hasNames;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _references = [];

    // Of each open parenthesis, whether what it closes can be repeated.
    private readonly Stack<bool> _open = new();

    private int _at;

    private ScriptRegex(string pattern)
    {
        _pattern = pattern;
        for (var index = pattern.IndexOf("(?<", StringComparison.Ordinal); index >= 0 && !_hasNames;)
        {
            _hasNames = index + 3 < pattern.Length && pattern[index + 3] is not ('=' or '!');
            index = pattern.IndexOf("(?<", index + 1, StringComparison.Ordinal);
        }
    }

    private bool IsAtEnd => _at >= _pattern.Length;

    /// <summary>What is wrong with it, as part of a sentence; <see langword="null"/> when nothing is.</summary>
    public static string? ProblemOf(string pattern) => new ScriptRegex(pattern).Read();

    private string? Read()
    {
        while (!IsAtEnd)
        {
            if (ReadTerm() is { } problem)
            {
                return problem;
            }
        }

        return _open.Count > 0 ? "a parenthesis is not closed"
            : _references.Find(name => !_names.Contains(name)) is { } unknown ? $"there is no group '{unknown}'"
            : null;
    }

    // One atom or assertion with its quantifier.
    private string? ReadTerm()
    {
        var character = _pattern[_at++];
        switch (character)
        {
            case '|' or '^' or '$':
                return NothingToRepeat();
            case '(':
                _open.Push(!_pattern.AsSpan(_at).StartsWith("?<=") && !_pattern.AsSpan(_at).StartsWith("?<!"));
                return ReadGroupHead() ?? NothingToRepeat();
            case ')':
                return !_open.TryPop(out var canRepeat) ? "a parenthesis is closed that was not opened"
                    : canRepeat ? SkipQuantifier()
                    : NothingToRepeat();
            case '*' or '+' or '?':
                return $"there is nothing that '{character}' could repeat";
            case '{':
                _at--;
                return Braces() is not null ? NothingToRepeat() : SkipLiteral();
            case '[':
                return ReadClass() ?? SkipQuantifier();
            case '\\':
                return ReadEscape();
            default:
                return SkipQuantifier();
        }
    }

    private string? SkipLiteral()
    {
        _at++;
        return SkipQuantifier();
    }

    private string? ReadGroupHead()
    {
        if (IsAtEnd || _pattern[_at] != '?')
        {
            return null;
        }

        var rest = _pattern.AsSpan(_at + 1);
        if (rest.StartsWith("<=") || rest.StartsWith("<!"))
        {
            _at += 3;
            return null;
        }

        if (rest is [':' or '=' or '!', ..])
        {
            _at += 2;
            return null;
        }

        var end = rest.IndexOf('>');
        if (rest is ['<', ..] && end > 1)
        {
            var name = rest[1..end].ToString();
            _at += end + 2;
            return !IsName(name) ? $"'{name}' cannot be the name of a group"
                : !_names.Add(name) && !_pattern.Contains('|', StringComparison.Ordinal) ? $"the group '{name}' is there twice"
                : null;
        }

        var colon = rest.IndexOf(':');
        if (colon > 0 && AreModifiers(rest[..colon]))
        {
            _at += colon + 2;
            return null;
        }

        return $"JavaScript knows no group that begins with '(?{(rest.IsEmpty ? "" : rest[..1].ToString())}'";
    }

    // Such as i, or i-s; each once.
    private static bool AreModifiers(ReadOnlySpan<char> text)
    {
        var letters = text.ToString().Replace("-", "", StringComparison.Ordinal);
        return text.Count('-') <= 1
            && letters.Length > 0
            && letters.All(static letter => letter is 'i' or 'm' or 's')
            && letters.Distinct().Count() == letters.Length;
    }

    private static bool IsName(string name) =>
        (char.IsLetter(name[0]) || name[0] is '_' or '$' or '\\')
        && name.All(static character => char.IsLetterOrDigit(character) || character is '_' or '$' or '\\' or '{' or '}');

    private string? ReadEscape()
    {
        if (IsAtEnd)
        {
            return "it ends with a backslash";
        }

        var character = _pattern[_at++];
        if (character is 'b' or 'B')
        {
            return NothingToRepeat();
        }

        if (character == 'k' && _hasNames)
        {
            var end = _pattern.IndexOf('>', _at);
            if (IsAtEnd || _pattern[_at] != '<' || end < 0)
            {
                return "'\\k' names no group";
            }

            _references.Add(_pattern[(_at + 1)..end]);
            _at = end + 1;
        }

        return SkipQuantifier();
    }

    private string? ReadClass()
    {
        if (!IsAtEnd && _pattern[_at] == '^')
        {
            _at++;
        }

        int? low = null;
        var isRange = false;
        while (!IsAtEnd)
        {
            var character = _pattern[_at++];
            if (character == ']')
            {
                return null;
            }

            if (character == '-' && low is not null && !isRange && !IsAtEnd && _pattern[_at] != ']')
            {
                isRange = true;
                continue;
            }

            if (character == '\\' && IsAtEnd)
            {
                break;
            }

            var value = character == '\\' ? ReadClassEscape() : character;
            if (isRange && low is { } from && value is { } to && from > to)
            {
                return "a range of characters goes backwards";
            }

            low = isRange ? null : value;
            isRange = false;
        }

        return "a bracket '[' is not closed";
    }

    // The character; null for a set such as \d.
    private int? ReadClassEscape()
    {
        var character = _pattern[_at++];
        return character switch
        {
            'd' or 'D' or 's' or 'S' or 'w' or 'W' => null,
            'b' => '\b',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            '0' => '\0',
            'x' => ReadHex(2) ?? 'x',
            'u' => ReadHex(4) ?? 'u',
            'c' => null,
            _ => character,
        };
    }

    private int? ReadHex(int length)
    {
        if (
            _at + length > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        )
        {
            return null;
        }

        _at += length;
        return value;
    }

    // Behind what cannot be repeated.
    private string? NothingToRepeat() =>
        !IsAtEnd && (_pattern[_at] is '*' or '+' or '?' || (_pattern[_at] == '{' && Braces() is not null))
            ? $"there is nothing that '{_pattern[_at]}' could repeat"
            : null;

    private string? SkipQuantifier()
    {
        if (IsAtEnd)
        {
            return null;
        }

        if (_pattern[_at] is '*' or '+' or '?')
        {
            _at++;
        }
        else if (_pattern[_at] == '{' && Braces() is var (min, max, length))
        {
            if (min > max)
            {
                return "the numbers in braces go backwards";
            }

            _at += length;
        }
        else
        {
            return null;
        }

        if (!IsAtEnd && _pattern[_at] == '?')
        {
            _at++;
        }

        return NothingToRepeat();
    }

    // A quantifier in braces here; null where they are characters like any other.
    private (double Min, double Max, int Length)? Braces()
    {
        var end = _pattern.IndexOf('}', _at);
        if (end < 0)
        {
            return null;
        }

        var parts = _pattern[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || !IsNumber(parts[0]) || (parts.Length == 2 && parts[1].Length > 0 && !IsNumber(parts[1])))
        {
            return null;
        }

        var min = double.Parse(parts[0], CultureInfo.InvariantCulture);
        var max =
            parts.Length == 1 ? min
            : parts[1].Length == 0 ? double.PositiveInfinity
            : double.Parse(parts[1], CultureInfo.InvariantCulture);
        return (min, max, end - _at + 1);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
