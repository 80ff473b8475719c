using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>What a name means to file systems other than the one it is on. Pure.</summary>
internal static partial class WorkFileName
{
    // Names that are devices on Windows, whatever stands behind their first dot.
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "conin$", "conout$"];

    // Letters that are not seen, beside those of the category Format.
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0000, 0xE0FFF),
    ];

    /// <summary>
    /// The names of a path as file systems compare them that know no case or that normalise: some pass over what is not seen, and take
    /// some letters for others. The case stays.
    /// </summary>
    public static string Plain(string path)
    {
        var plain = new StringBuilder(path.Length);
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                plain.Append((char)rune.Value);
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format && !IsIgnorable(rune.Value))
            {
                plain.Append(Same(rune));
            }
        }

        return string.Join(
            '/',
            plain.ToString().Split('/').Select(static name => name.TrimEnd('.', ' ') is { Length: > 0 } kept ? kept : name)
        );
    }

    /// <summary>Whether a name is one that Windows makes for a file with a longer one, as in <c>LONGNA~1.TXT</c>.</summary>
    public static bool IsShort(string name) => ShortForm().IsMatch(name);

    /// <summary>Whether a name is a device on Windows.</summary>
    public static bool IsDevice(string name)
    {
        var stem = name.Split('.', ':')[0].TrimEnd(' ');
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (
                stem.Length == 4
                && (
                    stem.StartsWith("com", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("lpt", StringComparison.OrdinalIgnoreCase)
                )
                && stem[3] is (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3'
            );
    }

    private static bool IsIgnorable(int value) => Array.Exists(Ignorable, range => value >= range.First && value <= range.Last);

    // Those with letters of ASCII behind them. The runtime normalises nothing where it is built without data of cultures, as here.
    private static string Same(Rune rune) =>
        rune.Value switch
        {
            0x00DF or 0x1E9E => "ss",
            0x017F => "s",
            0x2024 => ".",
            0x212A => "k",
            0xFB00 => "ff",
            0xFB01 => "fi",
            0xFB02 => "fl",
            0xFB03 => "ffi",
            0xFB04 => "ffl",
            0xFB05 or 0xFB06 => "st",

            // The wide forms of ASCII; a slash among them is no step of the path.
            >= 0xFF01 and <= 0xFF5E and not 0xFF0F => ((char)(rune.Value - 0xFEE0)).ToString(),
            _ => rune.ToString(),
        };

    [GeneratedRegex(
        @"\A[^.]{1,8}~[0-9]+(\..{0,3})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex ShortForm();
}
