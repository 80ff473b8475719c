using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>
/// Sentences that tell a client which tool to call, for somebody in front of a browser: there the same is done on a page, or at a
/// terminal. Ids of runs in them lead to their pages. Only what is marked (<see cref="ToolNames"/>) is replaced: in the text of others a
/// word stays what it is.
/// </summary>
internal static partial class PageWords
{
    private const string NeedsYou = "needs";

    /// <summary>What does the same as each tool that a sentence of ours names.</summary>
    public static readonly IReadOnlyDictionary<string, Html> OfTools = new Dictionary<string, Html>(StringComparer.Ordinal)
    {
        ["answer_run"] = Link(PageUrl.Start.At(NeedsYou), "Answer"),
        ["cancel_cycle"] = Link(PageUrl.To("/runs", ("kind", "cycle")), "Cancel the cycle"),
        ["cancel_run"] = Link(PageUrl.To("/runs"), "Cancel"),
        ["claim_run"] = Command("runs claim"),
        ["complete_run"] = Command("runs complete"),
        ["get_run"] = Link(PageUrl.To("/runs"), "Runs"),
        ["get_status"] = Link(PageUrl.Start, "Now"),
        ["list_cycles"] = Link(PageUrl.To("/runs", ("kind", "cycle")), "Cycles"),
        ["list_modes"] = Link(PageUrl.To("/modes"), "Modes"),
        ["list_runs"] = Link(PageUrl.To("/runs"), "Runs"),
        ["resolve_escalation"] = Link(PageUrl.Start.At(NeedsYou), "Resolve"),
        ["run_mode"] = Command("run"),
        ["trigger_schedule"] = Link(PageUrl.To("/schedules"), "Run now"),
    };

    /// <summary>The sentence as a page shows it.</summary>
    public static Html Of(string? sentence)
    {
        var pieces = new List<Html>();
        var text = sentence ?? "";
        var begin = 0;
        foreach (Match match in Known().Matches(text))
        {
            var word = match.Value.TrimStart(ToolNames.Mark[0]);
            pieces.Add(Html.Of($"{text[begin..match.Index]}"));
            pieces.Add(
                word.Length == match.Length ? PageLinks.Run(word, word)
                : OfTools.TryGetValue(word, out var known) ? known
                : Html.Of($"{word}")
            );
            begin = match.Index + match.Length;
        }

        pieces.Add(Html.Of($"{ToolNames.Plain(text[begin..])}"));
        return Html.Join(pieces);
    }

    private static Html Link(PageUrl target, string text) => Html.Of($"""<a href="{target}">{text}</a>""");

    private static Html Command(string command) => Html.Of($"""<span class="mono">loop-orchestrator {command}</span>""");

    // A marked tool, or an id as RunId makes them; not a part of a longer one, such as the name of a file.
    [GeneratedRegex(
        ToolNames.Mark + "[a-z]+_[a-z]+|(?<![A-Za-z0-9_./-])run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}(?![A-Za-z0-9_/-])",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Known();
}
