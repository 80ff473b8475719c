using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Tests.Tools;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed class PageWordsTests
{
    [Theory]
    [InlineData("Mend it, then " + ToolNames.ResolveEscalation + ".", "Mend it, then <a href=\"/#needs\">Resolve</a>.")]
    [InlineData("take it with " + ToolNames.ClaimRun, "take it with <span class=\"mono\">loop-orchestrator runs claim</span>")]
    [InlineData("get_run and my_claim_run stay", "get_run and my_claim_run stay")]
    [InlineData(ToolNames.Mark + "no_such & <b>", "no_such &amp; &lt;b&gt;")]
    [InlineData(
        "Look at run-20261130-210846-31ff8eb6, or go.",
        "Look at <a href=\"/runs/run-20261130-210846-31ff8eb6\">run-20261130-210846-31ff8eb6</a>, or go."
    )]
    [InlineData(".loop/runs/run-20261130-210846-31ff8eb6/output.log", ".loop/runs/run-20261130-210846-31ff8eb6/output.log")]
    [InlineData("run-x and run-20261130-210846-31ff8eb6a", "run-x and run-20261130-210846-31ff8eb6a")]
    [InlineData(null, "")]
    public void Of_ASentence_NamesPagesAndCommandsAndNothingElseIsReplaced(string? sentence, string html) =>
        PageWords.Of(sentence).ToString().Should().Be(html);

    [Fact]
    public void Of_TextsThatWouldDoSomething_AreShown()
    {
        foreach (var payload in Payloads.All)
        {
            var html = PageWords.Of($"{payload} {ToolNames.GetStatus} {payload}").ToString();

            Assert.All(Payloads.Never, never => Assert.DoesNotContain(never, html, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void OfTools_EachThatASentenceNames_IsSomethingForAPerson() =>
        MarkedTools.Names.Should().BeEquivalentTo(PageWords.OfTools.Keys);
}
