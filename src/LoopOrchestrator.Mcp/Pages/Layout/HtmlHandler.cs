using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>
/// Puts texts into HTML: escaped for elements and for attributes in quotes alike, and with what cannot be seen or turns the direction of
/// writing round written out. An address has to be a <see cref="PageUrl"/>: a text there is a fault of ours, and thrown as one.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler
{
    private const int LengthOfAHole = 24;

    private static readonly SearchValues<char> Unsafe = SearchValues.Create("&<>\"'`");

    private static readonly string[] BeforeAddresses = ["href=\"", "src=\"", "action=\"", "formaction=\""];

    private readonly StringBuilder? _html;

    public HtmlHandler(int literalLength, int formattedCount) =>
        _html = new StringBuilder(literalLength + (formattedCount * LengthOfAHole));

    public HtmlHandler(int literalLength, int formattedCount, bool isThere, out bool goesOn)
    {
        goesOn = isThere;
        _html = isThere ? new StringBuilder(literalLength + (formattedCount * LengthOfAHole)) : null;
    }

    public void AppendLiteral(string literal) => _html!.Append(literal);

    public void AppendFormatted(Html piece) => _html!.Append(piece.ToString());

    public void AppendFormatted(PageUrl address) => Escape(address.InPage());

    public void AppendFormatted(IEnumerable<Html> pieces)
    {
        foreach (var piece in pieces)
        {
            _html!.Append(piece.ToString());
        }
    }

    public void AppendFormatted(string? text)
    {
        if (EndsBeforeAnAddress())
        {
            throw new InvalidOperationException($"An address in a page is a {nameof(PageUrl)} and no text.");
        }

        if (!string.IsNullOrEmpty(text))
        {
            // Half a character has no encoding, and a line's end has one form.
            Escape(string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Visible)));
        }
    }

    public void AppendFormatted(int number) => _html!.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted(long number) => _html!.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted<T>(T number, string format)
        where T : IFormattable => Escape(number.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>What was put together.</summary>
    internal string Take() => _html?.ToString() ?? "";

    private static string Visible(string line) =>
        string.Join('\t', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line)).Split('\t').Select(SafeText.Escape));

    private bool EndsBeforeAnAddress()
    {
        foreach (var before in BeforeAddresses)
        {
            var start = _html!.Length - before.Length;
            if (start >= 0 && _html.ToString(start, before.Length) == before)
            {
                return true;
            }
        }

        return false;
    }

    private void Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Unsafe) < 0)
        {
            _html!.Append(text);
            return;
        }

        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => _html!.Append("&amp;"),
                '<' => _html!.Append("&lt;"),
                '>' => _html!.Append("&gt;"),
                '"' => _html!.Append("&quot;"),
                '\'' => _html!.Append("&#39;"),
                '`' => _html!.Append("&#96;"),
                _ => _html!.Append(character),
            };
        }
    }
}
