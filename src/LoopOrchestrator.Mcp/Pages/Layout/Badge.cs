using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A word for a state, in its colour.</summary>
internal static class Badge
{
    /// <summary>Where a run stands. A success of which nothing but its word tells is drawn hollow.</summary>
    public static Html Of(RunState state, bool hasNoEvidence = false)
    {
        var tone = state switch
        {
            RunState.Succeeded => "ok",
            RunState.Failed or RunState.TimedOut or RunState.Interrupted => "bad",
            RunState.NeedsInput => "wait",
            RunState.Running => "run",
            _ => "idle",
        };
        var word = state.Name().Replace('_', ' ');
        return hasNoEvidence
            ? Html.Of($"""<span class="badge hollow {tone}" title="nothing but its word tells of it">{word}, no evidence</span>""")
            : Of(tone, word);
    }

    /// <summary>Any word.</summary>
    /// <param name="tone"><c>ok</c>, <c>bad</c>, <c>wait</c>, <c>run</c> or <c>idle</c>: a literal.</param>
    /// <param name="word">The word.</param>
    public static Html Of(string tone, string word) => Html.Of($"""<span class="badge {tone}">{word}</span>""");
}
