namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>
/// The words of a text, so that texts can be compared: letters and digits, in lower case, without words that say nothing and without the
/// commonest
/// English endings. <c>start-up</c> is the words <c>start</c> and <c>startup</c>. Pure.
/// </summary>
internal static class TaskWords
{
    private const int MinWordLength = 2;
    private const int MinStemLength = 3;

    // Words of any task, and of any description of when to use something.
    private static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "about",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "anything",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "both",
        "but",
        "by",
        "can",
        "cannot",
        "could",
        "did",
        "do",
        "does",
        "done",
        "each",
        "else",
        "every",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "like",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "need",
        "needs",
        "no",
        "nobody",
        "not",
        "nothing",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "others",
        "our",
        "out",
        "over",
        "own",
        "please",
        "said",
        "same",
        "say",
        "says",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "such",
        "task",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "under",
        "up",
        "us",
        "very",
        "was",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whose",
        "why",
        "will",
        "with",
        "without",
        "would",
        "yet",
        "you",
        "your",
    };

    /// <summary>The stems of a text in their order, each once, with the word that first had it.</summary>
    public static IReadOnlyList<(string Stem, string Word)> Of(string text)
    {
        var words = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var compound in Pieces(text, static c => char.IsLetterOrDigit(c) || c is '-' or '\'' or '’'))
        {
            // What is behind an apostrophe is an ending: the user's, doesn't.
            var word = compound.Split('\'', '’')[0];
            var parts = Pieces(word, char.IsLetterOrDigit).ToList();
            foreach (var part in parts.Count > 1 ? parts.Append(string.Concat(parts)) : parts)
            {
                if (part.Length >= MinWordLength && !Empty.Contains(part) && !part.All(char.IsDigit))
                {
                    words.TryAdd(Stem(part), part);
                }
            }
        }

        return [.. words.Select(static pair => (pair.Key, pair.Value))];
    }

    /// <summary>A word in lower case without its ending. Not always a word, and the same for the forms of most words.</summary>
    public static string Stem(string word)
    {
        var stem = word switch
        {
            _ when word.EndsWith("ies", StringComparison.Ordinal) && word.Length > MinStemLength + 1 => word[..^3] + "y",
            _ when word.EndsWith('s') && word.Length > MinStemLength && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
            _ => word,
        };
        stem = stem switch
        {
            _ when stem.EndsWith("ing", StringComparison.Ordinal) && IsStem(stem[..^3]) => stem[..^3],
            _ when stem.EndsWith("ed", StringComparison.Ordinal) && !stem.EndsWith("eed", StringComparison.Ordinal) && IsStem(stem[..^2]) =>
                stem[..^2],
            _ => stem,
        };

        // caching and cache, stopped and stop.
        stem = stem.EndsWith('e') && stem.Length > MinStemLength ? stem[..^1] : stem;
        return stem.Length > MinStemLength && stem[^1] == stem[^2] ? stem[..^1] : stem;
    }

    private static bool IsStem(string text) =>
        text.Length >= MinStemLength && text.Any(static c => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y');

    private static IEnumerable<string> Pieces(string text, Func<char, bool> isPart)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && isPart(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                yield return text[start..end].ToLowerInvariant();
            }

            start = end + 1;
        }
    }
}
