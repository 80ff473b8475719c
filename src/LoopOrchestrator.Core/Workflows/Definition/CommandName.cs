using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>What a command without a name of its own is called: its program and the words behind it that say what it does.</summary>
internal static class CommandName
{
    private const int MaxWords = 3;
    private const int MaxLength = 32;

    /// <summary>The name; another one than those that are taken.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="taken">The names of the other commands of the list.</param>
    public static string Of(IReadOnlyList<string> words, IReadOnlySet<string> taken)
    {
        if (words.Count == 0)
        {
            return "";
        }

        var program = Path.GetFileName(words[0].Replace('\\', '/'));
        var name = TextCut
            .Head(
                string.Join(' ', words.Skip(1).TakeWhile(IsPlain).Take(MaxWords - 1).Prepend(program.Length == 0 ? words[0] : program)),
                MaxLength
            )
            .Trim()
            .ToString();
        var unique = name;
        for (var number = 2; taken.Contains(unique); number++)
        {
            unique = $"{name} ({number})";
        }

        return unique;
    }

    // An option says little, and what holds spaces or signs of a shell is a program of its own.
    private static bool IsPlain(string word) =>
        word.Length > 0 && word[0] != '-' && word.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/');
}
