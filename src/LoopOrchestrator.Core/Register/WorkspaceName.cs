namespace LoopOrchestrator.Core.Register;

/// <summary>What a workspace may be called in the register. Pure.</summary>
public static class WorkspaceName
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxLength = 64;

    /// <summary>What a name is made of, as the end of a sentence.</summary>
    public const string Rule = "use 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', with a letter or digit first";

    // Words that options, answers and people use for something else than one workspace.
    private static readonly string[] Reserved = ["all", "any", "current", "default", "none", "self", "this"];

    /// <summary>Whether a text has the form of a name: then it is no path either, and can be looked up.</summary>
    public static bool HasForm(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // No regular expression: every start asks, and would load the library for it.
        return text.Length is > 0 and <= MaxLength
            && char.IsAsciiLetterOrDigit(text[0])
            && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
    }

    /// <summary>Whether two names are the same: they are told apart by more than the case of their letters.</summary>
    public static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a workspace cannot be called so and what to do, or <see langword="null"/>.</summary>
    public static string? Refuse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !HasForm(name) ? $"is no name of a workspace: {Rule}"
            : Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) ? "is a word that stands for something else; take another name"
            : null;
    }
}
