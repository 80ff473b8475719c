using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>Pages that say one thing, and the way on.</summary>
internal static class Notices
{
    /// <param name="title">What has become of it.</param>
    /// <param name="text">Why, and what to do.</param>
    /// <param name="status">The status of the answer.</param>
    public static Page Of(string title, string text, int status) =>
        new(
            title,
            Html.Of(
                $"""
                <div class="stack narrow"><p class="notice bad" role="alert">{PageWords.Of(text)}</p>
                <p><a href="{PageUrl.Start}">Go to Now</a></p></div>
                """
            )
        )
        {
            Status = status,
        };

    /// <summary>What was done before this page was asked for, by a word of ours in its address; nothing for any other word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="texts">The words and what they stand for.</param>
    public static Html Done(string? word, IReadOnlyDictionary<string, string> texts) =>
        word is not null && texts.TryGetValue(word, out var text)
            ? Html.Of($"""<p class="notice ok" role="status">{text}</p>""")
            : Html.None;
}
