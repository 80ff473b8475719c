using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed partial class NowPageTests : IAsyncDisposable
{
    private readonly PageServer _server = new();
    private PageVisitorHere? _visitor;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PageVisitorHere Visitor => _visitor ??= new PageVisitorHere(_server.Address);

    public async ValueTask DisposeAsync()
    {
        _visitor?.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Now_OfAnEmptyWorkspace_SaysSoAndWeighsLittle()
    {
        await _server.StartAsync();

        var page = await Visitor.GetAsync("/");

        page.Html.Should()
            .Contain("Firing since")
            .And.Contain("0 of 0 due moments have an outcome")
            .And.Contain("Nothing runs at this moment.")
            .And.Contain("There is no schedule yet")
            .And.Contain("href=\"/schedules/new\"")
            .And.Contain("No agent has said what it cost");
        page.Html.Length.Should().BeLessThan(10_000);
    }

    [Fact]
    public async Task Now_WithTextsThatWouldDoSomething_ShowsThem()
    {
        _server.Files.Write("mcp_startup.json", """{ "limits": { "runsPerHour": 1000, "queueLength": 1000 } }""");
        await _server.StartAsync();
        foreach (var payload in Payloads.All)
        {
            await EndAsync(payload, RunState.Succeeded, payload);
            await EndAsync("fail " + payload, RunState.Failed, payload);
            await EndAsync("ask " + payload, RunState.NeedsInput, "I ask.", payload);
            await _server.Workspace.Runs.RequestAsync(new RunRequest("code", payload) { Agent = "handoff", QueuesHandOff = true }, Token);
        }

        var page = (await Visitor.GetAsync("/")).Html;

        Assert.All(Payloads.Never, never => Assert.DoesNotContain(never, page, StringComparison.Ordinal));
        page.Should().Contain("&lt;script&gt;alert(1)&lt;/script&gt;").And.Contain("\\u202e").And.Contain("\\u001b");
        Events().Matches(page).Should().BeEmpty("no attribute begins a script");
    }

    [Fact]
    public async Task Seen_OfARun_IsKeptAndNeverOfWhatIsToCome()
    {
        await _server.StartAsync();
        await EndAsync("the first work", RunState.Succeeded, "done");
        var page = (await Visitor.GetAsync("/")).Html;
        page.Should().Contain("the first work");
        var subject = Field()
            .Matches(page)
            .Select(static match => match.Groups["value"].Value)
            .First(static value => value.StartsWith("done run", StringComparison.Ordinal));

        (await Visitor.PostAsync("/", "/now/seen", ("subject", subject), ("until", "99999999999999999"))).Status.Should().Be(303);

        (await Visitor.GetAsync("/")).Html.Should().Contain("Nothing. What is done has been seen");
        (await Visitor.PostAsync("/schedules/new", "/now/seen", ("subject", "everything"), ("until", "1"))).Status.Should().Be(409);
        (await Visitor.PostAsync("/schedules/new", "/now/seen", ("subject", subject), ("until", "soon"))).Status.Should().Be(409);
        foreach (var nothing in (string[])["done run:run-of-nobody", "failed schedule:none", "done anything"])
        {
            (await Visitor.PostAsync("/schedules/new", "/now/seen", ("subject", nothing), ("until", "1")))
                .Status.Should()
                .Be(409, "what was never there is not kept as seen: nobody fills the database with it");
        }
    }

    [Fact]
    public async Task Answer_ToEachQuestion_LetsTheRunGoOn()
    {
        await _server.StartAsync();
        await EndAsync("Choose.", RunState.NeedsInput, "I ask.", "Which?", "Why?");
        var run = (await _server.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();

        (await Visitor.PostAsync("/", "/now/answer", ("run_id", run.Id), ("answer0", "this"))).Status.Should().Be(409, "two were asked");
        var done = await Visitor.PostAsync("/", "/now/answer", ("run_id", run.Id), ("answer0", "this"), ("answer1", "so"));

        done.Header("Location").Should().Be("/?done=answered");
        (await _server.Workspace.Runs.GetAsync(run.Id, Token)).Answers.Should().Equal("this", "so");
        (await Visitor.GetAsync("/?done=answered")).Html.Should().Contain("Answered; the run goes on.");
        (await Visitor.GetAsync("/?done=%3Cb%3E")).Html.Should().NotContain("&lt;b&gt;");
    }

    private async Task EndAsync(string task, RunState outcome, string summary, params string[] questions)
    {
        var runs = _server.Workspace.Runs;
        var run = await runs.RequestAsync(new RunRequest("code", task) { Agent = "handoff", QueuesHandOff = true }, Token);
        var taken = (await runs.ClaimAsync(run.Id, mode: null, Token))!;
        await runs.CompleteAsync(
            taken.Id,
            new RunReport(outcome, summary, [], [], questions),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
    }

    [GeneratedRegex("name=\"subject\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();

    [GeneratedRegex("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\son[a-z]+=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Events();
}
