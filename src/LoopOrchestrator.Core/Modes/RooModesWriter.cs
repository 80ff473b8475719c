using System.Buffers;
using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// Writes modes as a <c>.roomodes</c> file in YAML that <see cref="RooModesFile"/> and Roo read back the same. Stage and
/// source have no place in that format and are not written. Pure and thread safe.
/// </summary>
public static class RooModesWriter
{
    /// <summary>
    /// Writes <paramref name="modes"/> in the order given, with LF line ends and one at the end. Half a surrogate pair, which
    /// no UTF-8 file can hold, becomes U+FFFD.
    /// </summary>
    public static string Write(IEnumerable<Mode> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var yaml = new StringBuilder();
        foreach (var mode in modes)
        {
            yaml.Append("  - slug: ");
            AppendScalar(yaml, mode.Slug, indent: 6);
            AppendField(yaml, "name", mode.Name);
            AppendField(yaml, "description", mode.Description);
            AppendField(yaml, "roleDefinition", mode.RoleDefinition);
            AppendField(yaml, "whenToUse", mode.WhenToUse);
            AppendField(yaml, "customInstructions", mode.CustomInstructions);
            AppendGroups(yaml, mode.Groups);
        }

        return yaml.Length == 0 ? "customModes: []\n" : yaml.Insert(0, "customModes:\n").ToString();
    }

    private static void AppendField(StringBuilder yaml, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            yaml.Append("    ").Append(key).Append(": ");
            AppendScalar(yaml, value, indent: 6);
        }
    }

    private static void AppendGroups(StringBuilder yaml, IReadOnlyList<ModeGroup> groups)
    {
        yaml.Append(groups.Count == 0 ? "    groups: []\n" : "    groups:\n");
        foreach (var group in groups)
        {
            if (string.IsNullOrEmpty(group.FileRegex) && string.IsNullOrEmpty(group.Description))
            {
                yaml.Append("      - ");
                AppendScalar(yaml, group.Name, indent: 8);
                continue;
            }

            yaml.Append("      - - ");
            AppendScalar(yaml, group.Name, indent: 10);
            var lead = "        - ";
            foreach (var (key, value) in new[] { ("fileRegex", group.FileRegex), ("description", group.Description) })
            {
                if (!string.IsNullOrEmpty(value))
                {
                    yaml.Append(lead).Append(key).Append(": ");
                    AppendScalar(yaml, value, indent: 12);
                    lead = "          ";
                }
            }
        }
    }

    private static void AppendScalar(StringBuilder yaml, string value, int indent)
    {
        if (IsPlain(value))
        {
            yaml.Append(value);
        }
        else if (!value.EnumerateRunes().All(IsPrintable))
        {
            AppendDoubleQuoted(yaml, value);
        }
        else if (!value.Contains('\n', StringComparison.Ordinal) && value.AsSpan().IndexOfAny(TypographicQuotes) < 0)
        {
            yaml.Append('\'').Append(value.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
        }
        else if (CanBeLiteral(value))
        {
            // '|-' drops the last line break and '|' keeps exactly one.
            yaml.Append(value.EndsWith('\n') ? "|" : "|-");
            foreach (var line in value.TrimEnd('\n').Split('\n'))
            {
                yaml.Append('\n').Append(' ', line.Length == 0 ? 0 : indent).Append(line);
            }
        }
        else
        {
            AppendDoubleQuoted(yaml, value);
        }

        yaml.Append('\n');
    }

    /// <summary>Whether no reader could take the text, unquoted, for something else. Deliberately narrow: quotes are never wrong.</summary>
    private static bool IsPlain(string value) =>
        value.Length > 0
        && char.IsAsciiLetter(value[0])
        && char.IsAsciiLetterOrDigit(value[^1])
        && value.All(character => char.IsAsciiLetterOrDigit(character) || character is ' ' or '-' or '_' or '/' or '.')
        && value.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");

    // Roo makes plain quotes of them before it reads the file, and one of those would end a quoted text.
    private static readonly SearchValues<char> TypographicQuotes = SearchValues.Create("\u2018\u2019\u201C\u201D");

    // A first line that begins with white space would need an indentation indicator, several line breaks at the end '|+', and a
    // line of white space only is read differently by different readers.
    private static bool CanBeLiteral(string value) =>
        value.Contains('\n', StringComparison.Ordinal)
        && !char.IsWhiteSpace(value[0])
        && !value.EndsWith("\n\n", StringComparison.Ordinal)
        && value.Split('\n').All(line => line.Length == 0 || !string.IsNullOrWhiteSpace(line));

    // Half a surrogate pair is enumerated as U+FFFD, so refusing that sends it to the escapes, too.
    private static bool IsPrintable(Rune rune) =>
        rune.Value == '\n'
        || (
            Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.Surrogate
                )
            && rune.Value is not (0xFFFD or 0xA0)
        );

    private static void AppendDoubleQuoted(StringBuilder yaml, string value)
    {
        yaml.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                0x2018 or 0x2019 or 0x201C or 0x201D => yaml.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                '"' => yaml.Append("\\\""),
                '\\' => yaml.Append("\\\\"),
                '\n' => yaml.Append("\\n"),
                '\r' => yaml.Append("\\r"),
                '\t' => yaml.Append("\\t"),
                _ when IsPrintable(rune) => yaml.Append(rune.ToString()),
                <= 0xFF => yaml.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
                <= 0xFFFF => yaml.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => yaml.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            };
        }

        yaml.Append('"');
    }
}
