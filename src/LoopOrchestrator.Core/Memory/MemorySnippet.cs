using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Memory;

/// <summary>The part of an entry that is shown for a search.</summary>
internal static class MemorySnippet
{
    /// <summary>Stands before a word that was found.</summary>
    public const char MatchStart = '«';

    /// <summary>Stands behind a word that was found.</summary>
    public const char MatchEnd = '»';

    private const int MaxSnippetLength = 320;

    /// <summary>Shortens a snippet around its first match: it is measured in words, and a word may be of any length.</summary>
    public static string Shorten(string snippet)
    {
        if (snippet.Length <= MaxSnippetLength)
        {
            return snippet;
        }

        var start = Math.Max(0, snippet.IndexOf(MatchStart, StringComparison.Ordinal) - (MaxSnippetLength / 4));
        var rest = TextCut.Tail(snippet, snippet.Length - start).ToString();
        return $"{(start > 0 ? "…" : "")}{TextCut.Shorten(rest, MaxSnippetLength)}";
    }
}
