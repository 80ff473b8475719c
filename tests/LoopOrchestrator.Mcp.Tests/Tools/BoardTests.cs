using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tools.Board;
using LoopOrchestrator.Testing.Clients;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The board: its tool, its page, and what others write into both.</summary>
public sealed partial class BoardTests : IAsyncDisposable
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</script><svg onload=alert(1)>",
        "\" onfocus=\"alert(1)\" autofocus=\"",
        "javascript:alert(1)",
        "{{constructor.constructor('alert(1)')()}}",
        "\u202Egnp.exe",
        "\u2066hidden\u2069",
        "\u001b]0;title\u0007\u001b[2J",
        "line\u2028separator",
        "__proto__",
    ];

    private readonly LoopWorkspace _workspace = new();

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Answer_WithTextsOfOthers_HoldsThemAsTextThatCanBeShown()
    {
        var client = await _workspace.ServeHereAsync("default,board", trusted: false);
        var run = await client.CallAsync("run_mode", ("mode", "code"), ("task", $"Task {string.Concat(Enumerable.Reverse(Hostile))}"));
        await client.CallAsync(
            "complete_run",
            ("run_id", run.Text("run_id")),
            ("outcome", "needs_input"),
            ("summary", "x"),
            ("questions", Hostile),
            ("lease_token", run.Text("lease_token"))
        );

        var result = await client.TryCallAsync("show_board", []);

        var question = result.StructuredContent!.Value.GetProperty("questions")[0];
        string[] texts =
        [
            question.Text("title"),
            .. question.GetProperty("questions").EnumerateArray().Select(static text => text.GetString()!),
        ];
        texts.Should().HaveCount(Hostile.Length + 1);
        Assert.All(texts, static text => Assert.DoesNotContain(text, static one => char.IsControl(one) || IsUnseen(one)));
        Assert.All(texts, text => Assert.Contains(text, result.Text(), StringComparison.Ordinal));
        texts.Should().Contain("<script>alert(1)</script>", "what is seen is left as it is: the page makes text of it");
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(1, true)]
    public async Task Answer_WithLongQuestions_IsShortAndHasAllOfARunOrNone(int count, bool areThere)
    {
        var client = await _workspace.ServeHereAsync("default,board", trusted: false);
        var run = await client.CallAsync("run_mode", ("mode", "code"), ("task", "Ask"));
        string[] questions = [.. Enumerable.Range(0, count).Select(static number => $"{number} ".PadRight(2000, 'q'))];
        await client.CallAsync(
            "complete_run",
            ("run_id", run.Text("run_id")),
            ("outcome", "needs_input"),
            ("summary", "x"),
            ("questions", questions),
            ("lease_token", run.Text("lease_token"))
        );

        var result = await client.TryCallAsync("show_board", []);

        var shown = result.StructuredContent!.Value.GetProperty("questions")[0];
        Encoding.UTF8.GetByteCount(result.StructuredContent.Value.GetRawText()).Should().BeLessThanOrEqualTo(8192);
        Encoding.UTF8.GetByteCount(result.Text()).Should().BeLessThanOrEqualTo(8192);
        shown
            .GetProperty("questions")
            .EnumerateArray()
            .Select(static text => text.GetString())
            .Should()
            .Equal(areThere ? questions : [], "nobody answers what is not there whole");
        if (!areThere)
        {
            shown.Text("note").Should().Contain("answer with answer_run; get_run shows the questions");
        }
    }

    [Fact]
    public void Page_OfTheBoard_RunsItsOwnScriptOnlyAndMakesNoMarkupOfTexts()
    {
        var page = BoardPage.Html;

        page.Should().NotContain("{policy}");
        var policy = PolicyOf().Match(page).Groups["policy"].Value;
        policy.Should().StartWith("default-src 'none'; ").And.NotContain("unsafe").And.NotContain("http");
        foreach (var element in (string[])["script", "style"])
        {
            page.Split($"<{element}").Should().HaveCount(2);
            var start = page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
            var text = page[start..page.IndexOf($"</{element}>", StringComparison.Ordinal)];
            policy.Should().Contain($"{element}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'");
        }

        foreach (
            var way in (string[])
                [
                    "innerHTML",
                    "outerHTML",
                    "insertAdjacentHTML",
                    "document.write",
                    "eval(",
                    "Function(",
                    "createContextualFragment",
                    "srcdoc",
                    "setAttribute",
                    "style=",
                    "onclick=",
                    "http:",
                    "https:",
                    "fetch(",
                    "import(",
                    "XMLHttpRequest",
                    "WebSocket",
                    "localStorage",
                ]
        )
        {
            page.Should().NotContain(way);
        }
    }

    [Theory]
    [InlineData("""{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}""", true)]
    [InlineData("""{"io.modelcontextprotocol/ui":{}}""", true)]
    [InlineData("""{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html+other"]}}""", false)]
    [InlineData("""{"io.modelcontextprotocol/ui":{"mimeTypes":5}}""", false)]
    [InlineData("""{"io.modelcontextprotocol/tasks":{}}""", false)]
    [InlineData("{}", false)]
    public void IsAnnounced_OfAClient_IsWhatItSays(string extensions, bool expected)
    {
        var announced = JsonDocument.Parse(extensions).RootElement.EnumerateObject();

        BoardApp
            .IsAnnounced(
                new ClientCapabilities
                {
                    Extensions = announced.ToDictionary(static one => one.Name, static one => (object)one.Value, StringComparer.Ordinal),
                }
            )
            .Should()
            .Be(expected);
        BoardApp.IsAnnounced(null).Should().BeFalse();
    }

    [Fact]
    public async Task Tool_OfAClientThatDrawsPages_NamesThePageAndOfAnotherDoesNot()
    {
        using var wire = new WireClient(_workspace.StartStdio("--toolsets", "all,board"));
        async Task<JsonObject> AskAsync(int id, string method, JsonObject? parameters = null, bool draws = true)
        {
            var request = WireClient.StatelessRequest(id, method, parameters);
            if (draws)
            {
                request["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
                {
                    ["extensions"] = new JsonObject
                    {
                        ["io.modelcontextprotocol/ui"] = new JsonObject { ["mimeTypes"] = new JsonArray("text/html;profile=mcp-app") },
                    },
                };
            }

            await wire.SendAsync(request);
            return (await wire.ReceiveAsync())!["result"]!.AsObject();
        }

        JsonObject Tool(JsonObject list) =>
            list["tools"]!.AsArray().Select(static tool => tool!.AsObject()).Single(static tool => (string)tool["name"]! == "show_board");

        static IEnumerable<string?> Resources(JsonObject list) =>
            list["resources"]!.AsArray().Select(static resource => (string?)resource!["uri"]);

        var drawn = Tool(await AskAsync(1, "tools/list"));
        var plain = Tool(await AskAsync(2, "tools/list", draws: false));
        var page = await AskAsync(3, "resources/read", new JsonObject { ["uri"] = "ui://loop/board" });
        var answer = await AskAsync(
            4,
            "tools/call",
            new JsonObject { ["name"] = "show_board", ["arguments"] = new JsonObject() },
            draws: false
        );

        Resources(await AskAsync(5, "resources/list")).Should().Contain("ui://loop/board");
        Resources(await AskAsync(6, "resources/list", draws: false)).Should().NotContain("ui://loop/board").And.NotBeEmpty();
        ((string?)drawn["_meta"]!["ui"]!["resourceUri"]).Should().Be("ui://loop/board");
        ((string?)drawn["_meta"]!["ui/resourceUri"]).Should().Be("ui://loop/board");
        drawn.ContainsKey("annotations").Should().BeFalse();
        plain.ContainsKey("_meta").Should().BeFalse();
        plain.ContainsKey("annotations").Should().BeFalse();
        var content = page["contents"]![0]!;
        ((string?)content["mimeType"]).Should().Be("text/html;profile=mcp-app");
        ((string?)content["text"]).Should().Be(BoardPage.Html);
        content["_meta"]!["ui"]!["csp"]!["connectDomains"]!.AsArray().Should().BeEmpty();
        ((string?)answer["content"]![0]!["text"]).Should().Contain("attention:").And.Contain(_workspace.Root);
    }

    private static bool IsUnseen(char one) =>
        one is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029' || char.IsSurrogate(one);

    [GeneratedRegex(
        "Content-Security-Policy\" content=\"(?<policy>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex PolicyOf();
}
