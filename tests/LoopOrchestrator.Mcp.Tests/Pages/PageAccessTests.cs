using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>Who is let into the dashboard, and what may be done there.</summary>
public sealed class PageAccessTests : IAsyncDisposable
{
    private readonly PageServer _server = new();
    private readonly List<PageVisitorHere> _visitors = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(static visitor => visitor.Dispose());
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Loopback_WithoutTokens_ShowsPagesToEverybodyAndHoldsBrowsersToThem()
    {
        await _server.StartAsync();
        var visitor = Visitor();

        var page = await visitor.GetAsync("/");

        page.Status.Should().Be(200);
        page.Html.Should().Contain("<h1>Now</h1>").And.Contain("Alive").And.NotContain("Sign out");
        page.Header("Content-Security-Policy")
            .Should()
            .Be(
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'"
            );
        page.Header("X-Content-Type-Options").Should().Be("nosniff");
        page.Header("Referrer-Policy").Should().Be("same-origin", "browsers send no origin of forms under no-referrer");
        page.Header("Cache-Control").Should().Be("no-store");
        page.Header("Server-Timing").Should().Contain("total;dur=");
        page.Html.Should().NotContain("<style").And.NotContain(" style=").And.NotContain(" onclick=");
        (await visitor.GetAsync("/sign-in")).Html.Should().Contain("Nobody has to sign in here");
    }

    [Fact]
    public async Task Assets_OfAPage_AreKeptForEverUnderTheHashOfTheirContent()
    {
        await _server.StartAsync();
        var visitor = Visitor();
        var page = (await visitor.GetAsync("/")).Html;
        var sheet = page.Split("rel=\"stylesheet\" href=\"")[1].Split('"')[0];

        var first = await visitor.GetAsync(sheet, ("Accept-Encoding", "gzip"));

        first.Status.Should().Be(200);
        first.Header("Content-Type").Should().Be("text/css; charset=utf-8");
        first.Header("Content-Encoding").Should().Be("gzip");
        first.Header("Cache-Control").Should().Contain("immutable");
        (await visitor.GetAsync(sheet, ("If-None-Match", first.Header("ETag")!))).Status.Should().Be(304);
        (await visitor.GetAsync("/assets/loop-000000000000.css")).Status.Should().Be(404);
        (await visitor.GetAsync("/assets/..%2Ftools%2Fget_run.json")).Status.Should().Be(404);
    }

    [Fact]
    public async Task SignIn_WithAToken_LetsInUntilTheTokenCountsNoMore()
    {
        var token = await _server.TokenAsync("me", AccessScope.Admin);
        await _server.StartAsync();
        var visitor = Visitor();

        var sent = await visitor.GetAsync("/schedules?a=b");
        sent.Status.Should().Be(303);
        sent.Header("Location").Should().Be("/sign-in?next=%2Fschedules%3Fa%3Db");
        (await visitor.SignInAsync(token + "x"))
            .Should()
            .Match<SeenPage>(static page => page.Status == 401 && page.Html.Contains("does not count"));
        (await visitor.GetAsync("/")).Status.Should().Be(303);

        var signedIn = await visitor.PostAsync("/sign-in", "/sign-in", ("token", token), ("next", "/schedules"));

        signedIn.Status.Should().Be(303);
        signedIn.Header("Location").Should().Be("/schedules");
        signedIn.Header("Set-Cookie").Should().Contain("httponly").And.Contain("samesite=strict").And.NotContain(token);
        var page = await visitor.GetAsync("/");
        page.Status.Should().Be(200);
        page.Html.Should().Contain("me (admin)").And.Contain("Sign out").And.NotContain(token);

        await _server.Tokens.RevokeAsync("me", Token);
        (await visitor.GetAsync("/")).Status.Should().Be(303, "what was revoked counts no more");
    }

    [Fact]
    public async Task SignIn_TriedAgainAndAgain_IsRefusedForAWhile()
    {
        await _server.TokenAsync("me", AccessScope.Admin);
        await _server.StartAsync();
        var visitor = Visitor();
        var status = 0;
        for (var attempt = 0; attempt < 300 && status != 429; attempt++)
        {
            status = (await visitor.PostBareAsync("/sign-in", [("token", "loop_guess")])).Status;
        }

        status.Should().Be(429, "an address without a token has a hundred requests at once");
    }

    [Fact]
    public async Task Pages_ThatAreNotThere_SaySo()
    {
        await _server.StartAsync();

        var page = await Visitor().GetAsync("/schedules/nonesuch");

        page.Status.Should().Be(404);
        page.Html.Should().Contain("There is no such page here.");
        (await Visitor().GetAsync("/schedules/pause")).Status.Should().Be(404, "it is done by a form, and is no page");
    }

    [Fact]
    public async Task SignOut_OfASession_EndsItAndNotOnlyItsCookie()
    {
        var token = await _server.TokenAsync("me", AccessScope.Read);
        await _server.StartAsync();
        var visitor = Visitor();
        var cookie = (await visitor.SignInAsync(token)).Header("Set-Cookie")!.Split(';')[0];

        (await visitor.PostAsync("/", "/sign-out")).Status.Should().Be(303);

        (await Visitor().GetAsync("/", ("Cookie", cookie))).Status.Should().Be(303);
        (await visitor.GetAsync("/")).Status.Should().Be(303);
    }

    [Fact]
    public async Task Cookie_OfASession_CountsForPagesAndForNothingElse()
    {
        var token = await _server.TokenAsync("me", AccessScope.Admin);
        await _server.StartAsync();
        var visitor = Visitor();
        await visitor.SignInAsync(token);

        (await visitor.GetAsync("/schedules")).Status.Should().Be(200);
        foreach (var path in (string[])["/mcp", "/health/ready", "/nothing", "/health/live/"])
        {
            (await visitor.GetAsync(path)).Status.Should().Be(401, path);
        }
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task SignIn_SentElsewhere_StaysHere(string next)
    {
        var token = await _server.TokenAsync("me", AccessScope.Read);
        await _server.StartAsync();

        (await Visitor().PostAsync("/sign-in", "/sign-in", ("token", token), ("next", next))).Header("Location").Should().Be("/");
    }

    [Fact]
    public async Task Actions_BeyondTheScopeOfAToken_AreNotOfferedAndRefused()
    {
        _server.Files.Write("schedules.json", Schedules);
        var token = await _server.TokenAsync("watcher", AccessScope.Read);
        await _server.StartAsync();
        var visitor = Visitor();
        await visitor.SignInAsync(token);

        var page = await visitor.GetAsync("/schedules");
        page.Html.Should().Contain("Nightly").And.NotContain("Pause").And.NotContain("Run now").And.NotContain("New schedule");

        var refused = await visitor.PostAsync("/", "/schedules/pause", ("schedule_id", "nightly"));

        refused.Status.Should().Be(403);
        refused.Html.Should().Contain("token with the scope admin").And.Contain("loop-orchestrator token create NAME --scope admin");
        (await _server.Workspace.Schedules.Ledger.StatesAsync(Token)).GetValueOrDefault("nightly")?.PausedAt.Should().BeNull();
    }

    [Fact]
    public async Task Forms_OfAnotherSite_AreRefused()
    {
        _server.Files.Write("schedules.json", Schedules);
        await _server.StartAsync();
        var visitor = Visitor();
        var token = (await visitor.GetAsync("/schedules")).Html.Split("name=\"form_token\" value=\"")[1].Split('"')[0];
        (string, string)[] form = [("schedule_id", "nightly"), ("form_token", token)];
        (string, string)[] without = [("schedule_id", "nightly")];

        (await visitor.PostBareAsync("/schedules/pause", without)).Status.Should().Be(403);
        (await visitor.PostBareAsync("/schedules/pause", [.. without, ("form_token", token + "x")])).Status.Should().Be(403);
        (await visitor.PostBareAsync("/schedules/pause", form, ("Sec-Fetch-Site", "cross-site"))).Status.Should().Be(403);
        (await visitor.PostBareAsync("/schedules/pause", form, ("Sec-Fetch-Site", "same-site"))).Status.Should().Be(403);
        (await visitor.PostBareAsync("/schedules/pause", form, ("Origin", "http://localhost:1"))).Status.Should().Be(403);
        (await visitor.PostBareAsync("/schedules/pause", form, ("Origin", "null"))).Status.Should().Be(403);
        (await _server.Workspace.Schedules.Ledger.StatesAsync(Token)).GetValueOrDefault("nightly")?.PausedAt.Should().BeNull();

        var own = _server.Address.GetLeftPart(UriPartial.Authority);
        (await visitor.PostBareAsync("/schedules/pause", form, ("Sec-Fetch-Site", "same-origin"), ("Origin", own))).Status.Should().Be(303);
        (await _server.Workspace.Schedules.Ledger.StatesAsync(Token))["nightly"].PausedAt.Should().NotBeNull();
        await Eventually.TrueAsync("the audit log has what was done", () =>
            File.Exists(Path.Combine(_server.Files.Root, ".loop/logs/audit.jsonl"))
            && _server.Files.Read(".loop/logs/audit.jsonl").Contains("\"what\":\"POST /schedules/pause\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Forms_ThatAreNone_AreRefusedWithASentence()
    {
        await _server.StartAsync();
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        using var answer = await Visitor().Http.PostAsync("/schedules/pause", json, Token);

        ((int)answer.StatusCode).Should().Be(400);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("takes a form");
    }

    private const string Schedules = """
        { "schedules": [ { "id": "nightly", "name": "Nightly", "mode": "code", "taskInstructions": "Do it.", "scheduleType": "time",
          "timeInterval": "6", "timeUnit": "hour", "startDate": "2030-01-01", "active": true } ] }
        """;

    private PageVisitorHere Visitor()
    {
        var visitor = new PageVisitorHere(_server.Address);
        _visitors.Add(visitor);
        return visitor;
    }
}
