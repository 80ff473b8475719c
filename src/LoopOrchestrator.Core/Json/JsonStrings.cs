using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Json;

/// <summary>The content of JSON strings: what a reader has found well formed, decoded; and text, written.</summary>
internal static class JsonStrings
{
    /// <summary>
    /// The content of a string. Done here because the framework's reader throws on a lone surrogate, which
    /// JavaScript writes and reads without complaint.
    /// </summary>
    /// <param name="body">The bytes between the quotes: valid UTF-8, every escape complete.</param>
    public static string Decode(ReadOnlySpan<byte> body)
    {
        if (!body.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(body);
        }

        var text = new StringBuilder(body.Length);
        while (!body.IsEmpty)
        {
            var escape = body.IndexOf((byte)'\\');
            if (escape < 0)
            {
                text.Append(Encoding.UTF8.GetString(body));
                break;
            }

            text.Append(Encoding.UTF8.GetString(body[..escape]));
            var letter = body[escape + 1];
            var used = letter == 'u' ? 6 : 2;
            text.Append(
                letter switch
                {
                    (byte)'n' => '\n',
                    (byte)'t' => '\t',
                    (byte)'r' => '\r',
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'u' => (char)
                        ushort.Parse(body.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    _ => (char)letter,
                }
            );
            body = body[(escape + used)..];
        }

        ReplaceLoneSurrogates(text);
        return text.ToString();
    }

    /// <summary>Text as <c>JSON.stringify</c> writes it: escapes only where JSON asks for one, everything else as it is.</summary>
    public static string Quote(string text)
    {
        var json = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\n' => json.Append("\\n"),
                '\t' => json.Append("\\t"),
                '\r' => json.Append("\\r"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                _ when isPair => json.Append(c).Append(text[++i]),
                _ when c < ' ' || char.IsSurrogate(c) => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"').ToString();
    }

    private static void ReplaceLoneSurrogates(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }
    }
}
