using System.Text;

namespace LoopOrchestrator.Core.Toml;

/// <summary>Writes values as TOML.</summary>
internal static class TomlStrings
{
    /// <summary>A part of a key: as it is where that can be, else in quotes.</summary>
    public static string Key(string part) =>
        part.Length > 0 && part.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? part
            : Quote(part);

    /// <summary>
    /// A basic string: JSON's escapes but for pairs of surrogates, which TOML does not know; the characters stand for themselves.
    /// </summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => result.Append('\\').Append(character),
                _ when char.IsControl(character) => result.Append($"\\u{(int)character:X4}"),
                _ => result.Append(character),
            };
        }

        return result.Append('"').ToString();
    }
}
