namespace LoopOrchestrator.Core.Text;

/// <summary>The shape of a mode's name, as Roo Code defines it: letters, digits and hyphens.</summary>
public static class Slug
{
    /// <summary>Whether <paramref name="text"/> is a slug.</summary>
    public static bool IsValid(string? text) =>
        !string.IsNullOrEmpty(text) && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
