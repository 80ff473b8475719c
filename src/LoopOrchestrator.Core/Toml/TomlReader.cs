using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Toml;

/// <summary>Reads the tables and keys of a text. For one use.</summary>
/// <param name="text">The whole text.</param>
internal sealed partial class TomlReader(string text)
{
    private const int MaxDepth = 64;
    private int _at;
    private int _depth;

    /// <summary>The tables in their order, the one without a header first.</summary>
    /// <exception cref="TomlFaultException">It is no TOML.</exception>
    public IReadOnlyList<TomlTable> Read()
    {
        var table = new TomlTable([], false, 0);
        List<TomlTable> tables = [table];
        if (text.StartsWith('\uFEFF'))
        {
            _at = 1;
        }

        table.End = _at;
        while (_at < text.Length)
        {
            SkipBlanks();
            if (_at < text.Length && text[_at] is not ('#' or '\r' or '\n'))
            {
                if (text[_at] == '[')
                {
                    table = Header();
                    tables.Add(table);
                }
                else
                {
                    table.Keys.Add(KeyWithValue());
                }

                EndLine();
                table.End = _at;
            }
            else
            {
                EndLine();
            }
        }

        return tables;
    }

    private TomlTable Header()
    {
        var start = _at;
        _at++;
        var isArray = Take('[');
        SkipBlanks();
        var path = KeyPath();
        SkipBlanks();
        Expect(']');
        if (isArray)
        {
            Expect(']');
        }

        return new TomlTable(path, isArray, text.LastIndexOf('\n', start) + 1 is var line && line == 0 && text[0] == '\uFEFF' ? 1 : line);
    }

    private TomlKey KeyWithValue()
    {
        var start = _at;
        var path = KeyPath();
        SkipBlanks();
        Expect('=');
        SkipBlanks();
        return new TomlKey(path, start, Value());
    }

    private List<string> KeyPath()
    {
        List<string> parts = [];
        do
        {
            SkipBlanks();
            parts.Add(KeyPart());
            SkipBlanks();
        } while (Take('.'));

        return parts;
    }

    private string KeyPart()
    {
        if (_at < text.Length && text[_at] is '"' or '\'')
        {
            return text[_at] == '"' ? Basic() : Literal();
        }

        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '-'))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Fault("a key was expected here");
    }

    private TomlValue Value()
    {
        if (_at >= text.Length)
        {
            throw Fault("the file ends where a value was expected");
        }

        if (++_depth > MaxDepth)
        {
            throw Fault($"the file is nested deeper than {MaxDepth}");
        }

        var start = _at;
        var value = text[_at] switch
        {
            '"' => Leaf(TomlKind.String, start, StartsWith("\"\"\"") ? LongBasic() : Basic()),
            '\'' => Leaf(TomlKind.String, start, StartsWith("'''") ? LongLiteral() : Literal()),
            '[' => Array(),
            '{' => InlineTable(),
            _ => Leaf(TomlKind.Word, start, Word()),
        };
        _depth--;
        return value;
    }

    private TomlValue Leaf(TomlKind kind, int start, string content) => new(kind, start, _at, content, [], []);

    private string Word()
    {
        var start = _at;
        SkipWord();
        if (Date().IsMatch(text.AsSpan(start, _at - start)) && text.AsSpan(_at) is [' ', >= '0' and <= '9', ..])
        {
            _at++;
            SkipWord();
        }

        var word = text[start.._at];
        if (!KnownWord().IsMatch(word))
        {
            _at = start;
            throw Fault(word.Length == 0 ? "a value was expected here" : $"'{word}' is no value of TOML; a text stands in quotes");
        }

        return word;
    }

    private void SkipWord()
    {
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '+' or '-' or '_' or '.' or ':'))
        {
            _at++;
        }
    }

    private TomlValue Array()
    {
        var start = _at++;
        List<TomlValue> items = [];
        while (true)
        {
            SkipLines();
            if (Take(']'))
            {
                return new(TomlKind.Array, start, _at, "", items, []);
            }

            items.Add(Value());
            SkipLines();
            if (!Take(',') && !(_at < text.Length && text[_at] == ']'))
            {
                throw Fault("a comma or ']' was expected here");
            }
        }
    }

    private TomlValue InlineTable()
    {
        var start = _at++;
        List<TomlKey> members = [];
        while (true)
        {
            SkipLines();
            if (Take('}'))
            {
                return new(TomlKind.InlineTable, start, _at, "", [], members);
            }

            members.Add(KeyWithValue());
            SkipLines();
            if (!Take(',') && !(_at < text.Length && text[_at] == '}'))
            {
                throw Fault("a comma or '}' was expected here");
            }
        }
    }

    private string Basic()
    {
        var start = _at++;
        var content = new StringBuilder();
        while (_at < text.Length && text[_at] is not ('"' or '\n' or '\r'))
        {
            if (text[_at] == '\\')
            {
                Escape(content);
            }
            else
            {
                content.Append(text[_at++]);
            }
        }

        if (!Take('"'))
        {
            _at = start;
            throw Fault("the text that begins here has no closing quote in its line");
        }

        return content.ToString();
    }

    private string Literal()
    {
        var start = _at++;
        var end = text.AsSpan(_at).IndexOfAny('\'', '\n', '\r');
        if (end < 0 || text[_at + end] != '\'')
        {
            _at = start;
            throw Fault("the text that begins here has no closing quote in its line");
        }

        _at += end + 1;
        return text[(start + 1)..(_at - 1)];
    }

    private string LongBasic()
    {
        var start = _at;
        _at += 3;
        SkipNewLine();
        var content = new StringBuilder();
        while (!StartsWith("\"\"\""))
        {
            if (_at >= text.Length)
            {
                _at = start;
                throw Fault("the text that begins here is never closed with three quotes");
            }

            if (text[_at] != '\\')
            {
                content.Append(text[_at++]);
            }
            else if (text.AsSpan(_at + 1).TrimStart(" \t") is ['\r' or '\n', ..])
            {
                _at++;
                while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
                {
                    _at++;
                }
            }
            else
            {
                Escape(content);
            }
        }

        return Close('"', content);
    }

    private string LongLiteral()
    {
        var start = _at;
        _at += 3;
        SkipNewLine();
        var end = text.IndexOf("'''", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            _at = start;
            throw Fault("the text that begins here is never closed with three quotes");
        }

        var content = new StringBuilder(text[_at..end]);
        _at = end;
        return Close('\'', content);
    }

    // Up to two quotes may stand directly before the closing three.
    private string Close(char quote, StringBuilder content)
    {
        _at += 3;
        for (var more = 0; more < 2 && Take(quote); more++)
        {
            content.Append(quote);
        }

        return content.ToString();
    }

    private void Escape(StringBuilder content)
    {
        var start = _at++;
        var letter = _at < text.Length ? text[_at++] : '\0';
        var digits = letter switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0)
        {
            if (
                _at + digits > text.Length
                || !int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || !Rune.IsValid(code)
            )
            {
                _at = start;
                throw Fault($"'\\{letter}' needs {digits} hexadecimal digits of a character");
            }

            _at += digits;
            content.Append(new Rune(code).ToString());
            return;
        }

        var meant = letter switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            'e' => '\u001B',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (meant == '\0')
        {
            _at = start;
            throw Fault("a backslash stands before something that it does not go with; write \\\\ for the character itself");
        }

        content.Append(meant);
    }

    private void EndLine()
    {
        SkipBlanks();
        SkipComment();
        if (_at < text.Length && !SkipNewLine())
        {
            throw Fault("the line should end here");
        }
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t')
        {
            _at++;
        }
    }

    private void SkipLines()
    {
        do
        {
            SkipBlanks();
            SkipComment();
        } while (SkipNewLine());
    }

    private void SkipComment()
    {
        if (_at < text.Length && text[_at] == '#')
        {
            var end = text.IndexOf('\n', _at);
            _at =
                end < 0 ? text.Length
                : text[end - 1] == '\r' ? end - 1
                : end;
        }
    }

    private bool SkipNewLine()
    {
        if (StartsWith("\r\n"))
        {
            _at += 2;
            return true;
        }

        return Take('\n');
    }

    private bool StartsWith(string what) => text.AsSpan(_at).StartsWith(what, StringComparison.Ordinal);

    private bool Take(char what)
    {
        if (_at >= text.Length || text[_at] != what)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char what)
    {
        if (!Take(what))
        {
            throw Fault($"'{what}' was expected here");
        }
    }

    private TomlFaultException Fault(string message) => new(_at, message);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Date();

    [GeneratedRegex(
        @"^(true|false|[+-]?(inf|nan)|[+-]?\d[\d_]*(\.\d[\d_]*)?([eE][+-]?\d[\d_]*)?|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+"
            + @"|\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d(:\d\d(\.\d+)?)?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex KnownWord();
}
