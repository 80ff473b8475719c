using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Plots;

/// <summary>Texts and numbers as drawings show them.</summary>
internal static class PlotText
{
    /// <summary>Seconds as <c>1:02:03</c>.</summary>
    public static string Duration(long seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");

    /// <summary>A number in its unit.</summary>
    public static string Number(long value, PlotUnit unit) =>
        unit switch
        {
            PlotUnit.Seconds => Duration(value),
            PlotUnit.Dollars => string.Create(CultureInfo.InvariantCulture, $"{value / 10_000m:#,0.00##} USD"),
            _ => value.ToString("#,0", CultureInfo.InvariantCulture),
        };

    /// <summary>What a column of numbers in a unit is called.</summary>
    public static string Heading(PlotUnit unit) =>
        unit switch
        {
            PlotUnit.Seconds => "Time",
            PlotUnit.Dollars => "Cost",
            _ => "Count",
        };

    /// <summary>A number of a spend, without the zeros behind it.</summary>
    public static string Amount(decimal value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>How much of a whole a part is, in per cent of it, as an attribute takes it; a part that is not nothing is seen.</summary>
    public static string Percent(decimal part, decimal whole, decimal most = 100)
    {
        if (part <= 0 || whole <= 0)
        {
            return "0%";
        }

        // Divided first: a part and a whole of many digits must not overflow.
        var share = Math.Clamp(part / whole * most, 0.5m, most);
        return string.Create(CultureInfo.InvariantCulture, $"{share:0.##}%");
    }

    /// <summary>A text in one line, of so many letters at the most; empty ones have a sign.</summary>
    public static string Label(string text, int most)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "(none)" : TextCut.Shorten(line, most);
    }

    /// <summary>A text in which each letter is seen: no control character, and none that turns the direction of writing.</summary>
    public static string Seen(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var letter in ControlPictures.Encode(text))
        {
            result.Append(
                letter
                    is '\uFFFE'
                        or '\uFFFF'
                        or '\u2028'
                        or '\u2029'
                        or '\u061C'
                        or (>= '\u0080' and <= '\u009F')
                        or (>= '\u200E' and <= '\u200F')
                        or (>= '\u202A' and <= '\u202E')
                        or (>= '\u2066' and <= '\u2069')
                    ? '\uFFFD'
                    : letter
            );
        }

        return result.ToString();
    }

    /// <summary>A text as content of an element or value of an attribute: nothing in it begins markup.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var letter in Seen(text))
        {
            _ = letter switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                _ => result.Append(letter),
            };
        }

        return result.ToString();
    }
}
