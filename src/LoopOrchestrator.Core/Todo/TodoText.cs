using System.Text;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Todo;

/// <summary>Texts for the plan in the form of one line, and how texts are compared.</summary>
internal static class TodoText
{
    /// <summary>Makes any text one line without control characters and half characters.</summary>
    public static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return string.Join(' ', result.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>As <see cref="Clean"/>, and refuses what is empty or too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <exception cref="UserErrorException">It is empty or too long.</exception>
    public static string Check(string text, string what)
    {
        var clean = Clean(text);
        return clean.Length == 0 ? throw new UserErrorException($"The {what} is empty; nothing was changed.")
            : clean.Length > TodoStore.MaxTextLength
                ? throw new UserErrorException(
                    $"The {what} has {clean.Length} characters and may have {TodoStore.MaxTextLength}; nothing was "
                        + "changed. Put the whole into a file and name that file here."
                )
            : clean;
    }

    /// <summary>
    /// A note's text; one that would be read as an item of its own gets a backslash before it, which is what Markdown asks for.
    /// </summary>
    public static string Note(string text) => text.StartsWith('[') ? "\\" + text : text;

    /// <summary>Two texts with the same key say the same: case, spacing, emphasis and code marks do not count.</summary>
    public static string Key(string text) =>
        string.Join(
                ' ',
                text.Replace("*", "", StringComparison.Ordinal)
                    .Replace("`", "", StringComparison.Ordinal)
                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            )
            .ToUpperInvariant();
}
