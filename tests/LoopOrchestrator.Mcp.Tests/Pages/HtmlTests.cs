using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed class HtmlTests
{
    [Fact]
    public void Of_TextsThatWouldDoSomething_AreShownInElementsAndAttributes()
    {
        foreach (var payload in Payloads.All)
        {
            var html = Html.Of($"""<p title="{payload}">{payload}</p>""").ToString();

            Assert.All(Payloads.Never, never => Assert.DoesNotContain(never, html, StringComparison.Ordinal));
            Assert.Equal(1, html.Count(static character => character == '<') - 1);
            Assert.Equal(2, html.Count(static character => character == '"'));
        }
    }

    [Fact]
    public void Of_LinesAndTabs_Stay() => Html.Of($"<pre>{"a\r\n\tb & c"}</pre>").ToString().Should().Be("<pre>a\n\tb &amp; c</pre>");

    [Fact]
    public void Of_PiecesWithinPieces_AreNotEscapedAgain()
    {
        var rows = new[] { "a<", "b" }.Select(static text => Html.Of($"<li>{text}</li>"));

        Html.Of($"<ul>{rows}{Html.None}{7}{1234.5:0.0}</ul>").ToString().Should().Be("<ul><li>a&lt;</li><li>b</li>71234.5</ul>");
    }

    [Fact]
    public void If_ThatIsNotSo_LooksAtNothing()
    {
        string? none = null;

        Html.If(none is not null, $"<p>{none!.Length}</p>").IsEmpty.Should().BeTrue();
        Html.If(none is null, $"<p>{1}</p>").ToString().Should().Be("<p>1</p>");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/schedules")]
    public void Of_ATextInThePlaceOfAnAddress_IsAFaultOfOurs(string address)
    {
        var linked = () => Html.Of($"""<a href="{address}">there</a>""");
        var sent = () => Html.Of($"""<form action="{address}"></form>""");

        linked.Should().Throw<InvalidOperationException>().WithMessage("*PageUrl*");
        sent.Should().Throw<InvalidOperationException>().WithMessage("*PageUrl*");
    }

    [Fact]
    public void Url_WhateverIsPutIntoIt_StaysHere()
    {
        foreach (var payload in Payloads.All)
        {
            var html = Html.Of($"""<a href="{PageUrl.To("/schedules/show", ("id", payload), ("other", null))}">there</a>""").ToString();

            Assert.StartsWith("<a href=\"/schedules/show?id=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("other", html, StringComparison.Ordinal);
            Assert.Equal(2, html.Count(static character => character == '"'));
        }
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/schedules/show?id=a%20b", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/a\nb", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Parse_AnAddressFromOutside_IsTakenWhereItStaysHere(string? address, bool isOurs) =>
        PageUrl.Parse(address).HasValue.Should().Be(isOurs);
}
