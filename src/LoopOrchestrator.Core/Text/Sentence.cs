namespace LoopOrchestrator.Core.Text;

/// <summary>Phrases as the beginning of a sentence.</summary>
public static class Sentence
{
    /// <summary>The text with its first letter large.</summary>
    /// <param name="text">A phrase.</param>
    public static string Begin(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}";
    }
}
