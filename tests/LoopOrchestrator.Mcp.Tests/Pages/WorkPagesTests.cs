using System.Text;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>The pages of what was done: runs, time, memory, plan, modes, health and audit.</summary>
public sealed class WorkPagesTests : IAsyncDisposable
{
    private static readonly string[] All =
    [
        "/runs",
        "/runs?kind=cycle",
        "/runs?state=failed&mode=ask&by=schedule",
        "/time",
        "/time?period=all",
        "/memory",
        "/todo?all=1",
        "/modes",
        "/modes/show?slug=ask",
        "/health",
        "/audit",
    ];

    private const string ManyRuns = """{"limits":{"runsPerHour":1000,"queueLength":1000}}""";

    private readonly PageServer _server = new();
    private readonly List<PageVisitorHere> _visitors = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(static visitor => visitor.Dispose());
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Pages_OfAHistory_ShowItAndLeadToEachOther()
    {
        var folder = Path.Combine(_server.Files.Root, "month");
        await MonthOfHistory.MakeAsync(folder, days: 3, TimeProvider.System.GetUtcNow(), MonthOfHistory.Seed, Token);
        await _server.StartAsync(folder);
        var visitor = Visitor();

        foreach (var path in All)
        {
            var page = await visitor.GetAsync(path);
            page.Status.Should().Be(200, path);
            page.Html.Should().Contain("aria-current=\"page\"", path).And.NotContain(" style=").And.NotContain("<style");
        }

        var cycles = (await visitor.GetAsync("/runs?kind=cycle")).Html;
        var cycle = cycles.Split("href=\"/runs/run-")[1].Split('"')[0];
        var run = await visitor.GetAsync($"/runs/run-{cycle}");
        run.Status.Should().Be(200);
        run.Html.Should()
            .Contain("Stages of workflow")
            .And.Contain("Steps and gates")
            .And.Contain("Runs below it")
            .And.Contain("Why it went so");
        (await visitor.GetAsync("/time?period=all")).Html.Should().Contain("Hours by mode").And.Contain("plot-distribution");
        (await visitor.GetAsync("/time?period=nonsense")).Html.Should().Contain("&#39;nonsense&#39; is no period");
        (await visitor.GetAsync("/modes")).Html.Should().Contain("validation-static").And.Contain("builder");
        (await visitor.GetAsync("/memory?q=the")).Html.Should().Contain("Found");
        (await visitor.GetAsync("/runs/run-nothing")).Status.Should().Be(404);
        (await visitor.GetAsync($"/runs/run-{cycle}/rollback")).Html.Should().Contain("Not found");
        (await visitor.GetAsync($"/runs/run-{cycle}/changes"))
            .Should()
            .Match<SeenPage>(static page => page.Status == 409 && page.Html.Contains("a workspace that is not trusted"));
        (await visitor.GetAsync("/modes/show?slug=nothing")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Runs_MoreThanAPageHas_AreAllThereOnceAndInTheirOrder()
    {
        _server.Files.Write("mcp_startup.json", ManyRuns);
        await _server.StartAsync();
        for (var number = 0; number < 70; number++)
        {
            await RequestAsync($"task {number}");
        }

        var visitor = Visitor();
        var first = (await visitor.GetAsync("/runs")).Html;
        var older = first
            .Split("href=\"")
            .Select(static part => part.Split('"')[0])
            .Single(static address => address.Contains("before=", StringComparison.Ordinal));
        var second = (await visitor.GetAsync(older.Replace("&amp;", "&", StringComparison.Ordinal))).Html;

        Ids(first).Should().HaveCount(50);
        Ids(second).Should().HaveCount(20);
        Ids(first).Concat(Ids(second)).Should().OnlyHaveUniqueItems();
        second.Should().NotContain(">Older<").And.Contain("href=\"/runs\">Newest<");
        (await visitor.GetAsync("/runs?state=queued&mode=ask&by=request&before=" + older.Split("before=")[1]))
            .Html.Should()
            .Contain("href=\"/runs?state=queued&amp;mode=ask&amp;by=request\">Newest<", "what narrows the list narrows it there too");
        (await visitor.GetAsync("/runs?mode=code")).Html.Should().Contain("No run fits");
        Ids((await visitor.GetAsync("/runs?mode=ask&state=queued")).Html).Should().HaveCount(50);
    }

    [Fact]
    public async Task Pages_OfHostileTexts_ShowThemAndNothingElseComesOfThem()
    {
        _server.Files.Write("mcp_startup.json", ManyRuns);
        await _server.StartAsync();
        var runs = new List<string>();
        foreach (var payload in Payloads.All)
        {
            runs.Add((await RequestAsync(payload)).Id);
            await _server.Workspace.Runs.CancelAsync(runs[^1], payload, Token);
            await _server.Workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Patterns, payload), Token);
            await _server.Workspace.Timing.RecordAsync(
                new TimingRecord(
                    payload,
                    "ask",
                    TimeProvider.System.GetUtcNow().AddHours(-3),
                    TimeProvider.System.GetUtcNow().AddHours(-1)
                ),
                Token
            );
        }

        _server.Files.Write("TODO.md", string.Concat(Payloads.All.Select(static one => $"- [ ] {Whole(one).ReplaceLineEndings(" ")}\n")));
        _server.Files.Write(
            ".roomodes",
            """
            customModes:
              - slug: hostile
                name: "<script>alert(1)</script>"
                roleDefinition: "\"><img src=x onerror=alert(1)>"
                groups: [read]
            """
        );
        var visitor = Visitor();

        string[] paths =
        [
            .. All,
            "/modes/show?slug=hostile",
            .. runs.Select(static run => $"/runs/{run}"),
            .. Payloads
                .All.Where(static payload => payload.Length < 500)
                .SelectMany(static payload =>
                {
                    var text = Uri.EscapeDataString(Whole(payload));
                    return new[]
                    {
                        $"/runs?mode={text}",
                        $"/memory?q={text}",
                        $"/todo?q={text}",
                        $"/time?period={text}",
                        $"/audit?who={text}",
                    };
                }),
        ];
        foreach (var path in paths)
        {
            var page = await visitor.GetAsync(path);
            page.Status.Should().Be(200, path);
            foreach (var never in Payloads.Never)
            {
                page.Html.Should().NotContain(never, path);
            }
        }
    }

    [Fact]
    public async Task Run_OfAPerson_IsCancelledAndAskedForAgainOnItsPage()
    {
        await _server.StartAsync();
        var run = await RequestAsync("look at it");
        var visitor = Visitor();

        (await visitor.GetAsync($"/runs/{run.Id}")).Html.Should().Contain(">Cancel<").And.NotContain("Ask for it again");
        var cancelled = await visitor.PostAsync($"/runs/{run.Id}", "/runs/cancel", ("run_id", run.Id));

        cancelled.Status.Should().Be(303);
        cancelled.Header("Location").Should().Be($"/runs/{run.Id}?done=cancelled");
        (await _server.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Cancelled);
        var page = await visitor.GetAsync($"/runs/{run.Id}");
        page.Html.Should().Contain("cancelled on its page").And.NotContain(">Cancel<").And.Contain("Ask for it again");

        var again = await visitor.PostAsync($"/runs/{run.Id}", "/runs/again", ("run_id", run.Id));

        again.Status.Should().Be(303);
        var second = again.Header("Location")!.Split('/')[2].Split('?')[0];
        second.Should().NotBe(run.Id);
        (await _server.Workspace.Runs.GetAsync(second, Token))
            .Should()
            .Match<Run>(static one => one.Task == "look at it" && one.Mode == "ask" && one.State == RunState.Queued);
        (await visitor.PostAsync($"/runs/{run.Id}", "/runs/cancel", ("run_id", run.Id))).Status.Should().Be(409);
        (await visitor.PostAsync($"/runs/{run.Id}", "/runs/cancel-cycle", ("run_id", second))).Status.Should().Be(409);
        (await visitor.GetAsync($"/runs/{run.Id}/output")).Status.Should().Be(200);
        (await visitor.GetAsync("/runs/run-nothing/output")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Run_AskedForAgainByADoubleClick_IsAskedForOnceAsItWas()
    {
        await _server.StartAsync();
        var run = await _server.Workspace.Runs.RequestAsync(
            new RunRequest("ask", "look at it")
            {
                QueuesHandOff = true,
                Priority = RunPriority.Todo,
                TimeoutSeconds = 4321,
                TimeoutExemption = "it is long",
                Title = "A look",
            },
            Token
        );
        await _server.Workspace.Runs.CancelAsync(run.Id, "for the test", Token);

        var (first, second) = await Visitor().PostTwiceAsync($"/runs/{run.Id}", "/runs/again");

        first.Status.Should().Be(303);
        second.Header("Location").Should().Be(first.Header("Location"));
        var again = (await _server.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single(one => one.Id != run.Id);
        (again.TimeoutSeconds, again.Title, again.Priority).Should().Be((4321, "A look", RunPriority.Todo));
        await Eventually.TrueAsync("the audit log has what was asked for and what was made", () =>
            Audit().Contains($"\"run_id\":\"{run.Id}\",\"made_run_id\":\"{again.Id}\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Run_AskedForAgainOnAPageThatIsOpenedAnew_IsAskedForOnceMore()
    {
        await _server.StartAsync();
        var run = await RequestAsync("look at it");
        await _server.Workspace.Runs.CancelAsync(run.Id, "for the test", Token);
        var visitor = Visitor();

        await visitor.PostTwiceAsync($"/runs/{run.Id}", "/runs/again");
        await visitor.PostTwiceAsync($"/runs/{run.Id}", "/runs/again");

        (await _server.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().HaveCount(3);
    }

    [Fact]
    public async Task Memory_AddedByADoubleClick_IsCountedOnce()
    {
        await _server.StartAsync();

        var (first, second) = await Visitor()
            .PostTwiceAsync("/memory", "/memory/add", ("section", "patterns"), ("content", "Tests need a port."));

        (first.Header("Location"), second.Header("Location")).Should().Be(("/memory?done=added", "/memory?done=added"));
        (await _server.Workspace.Memory.ReadAsync(cancellationToken: Token))
            .Sections.SelectMany(static section => section.Entries)
            .Should()
            .ContainSingle()
            .Which.Seen.Should()
            .Be(1);
    }

    [Fact]
    public async Task Audit_OfCallsThatAskedAPerson_CanBeChosen()
    {
        await _server.StartAsync();

        (await Visitor().GetAsync("/audit?outcome=input_required")).Html.Should().Contain("value=\"input_required\" selected");
    }

    [Fact]
    public async Task Memory_AddedOnItsPage_IsInTheFileAndFound()
    {
        await _server.StartAsync();
        var visitor = Visitor();

        (await visitor.PostAsync("/memory", "/memory/add", ("section", "patterns"), ("content", "Tests need a port.")))
            .Header("Location")
            .Should()
            .Be("/memory?done=added");

        _server.Files.Read("persistent-memory.md").Should().Contain("Tests need a port.");
        (await visitor.GetAsync("/memory")).Html.Should().Contain("Tests need a port.");
        (await visitor.GetAsync("/memory?q=port")).Html.Should().Contain("«port»");
        var refused = await visitor.PostAsync("/memory", "/memory/add", ("section", "commands"), ("content", "  "));
        refused.Status.Should().Be(422);
        refused.Html.Should().Contain("aria-invalid=\"true\"").And.Contain("role=\"alert\"");
    }

    [Fact]
    public async Task Todo_AddedAndTickedOnItsPage_IsInTheFile()
    {
        await _server.StartAsync();
        var visitor = Visitor();

        (await visitor.PostAsync("/todo", "/todo/add", ("text", "Write the guide"), ("section", "Docs"), ("acceptance", "it is read")))
            .Header("Location")
            .Should()
            .Be("/todo?done=added");
        var item = TodoReader.Read(_server.Workspace.Paths).Items.Should().ContainSingle().Which;
        (await visitor.GetAsync("/todo")).Html.Should().Contain("Write the guide").And.Contain("it is read");
        (await visitor.PostAsync("/todo", "/todo/tick", ("id", item.Id), ("action", "check"))).Status.Should().Be(303);

        _server.Files.Read("TODO.md").Should().Contain("- [x] ");
        (await visitor.GetAsync("/todo")).Html.Should().Contain("Nothing is open.").And.Contain("1 of 1");
        (await visitor.PostAsync("/todo", "/todo/tick", ("id", "0123456789ab"), ("action", "check"))).Status.Should().Be(409);
        (await visitor.PostAsync("/todo", "/todo/add", ("text", " "))).Status.Should().Be(422);
    }

    [Fact]
    public async Task Pages_ForATokenThatMayOnlyRead_OfferNothingAndDoNothing()
    {
        var token = await _server.TokenAsync("watcher", AccessScope.Read);
        await _server.StartAsync();
        var run = await RequestAsync("look at it");
        var visitor = Visitor();
        await visitor.SignInAsync(token);

        (await visitor.GetAsync($"/runs/{run.Id}")).Html.Should().NotContain(">Cancel<");
        (await visitor.GetAsync("/memory")).Html.Should().NotContain("Add a finding");
        (await visitor.GetAsync("/todo")).Html.Should().NotContain("Add an item");
        (await visitor.GetAsync("/audit")).Should().Match<SeenPage>(static page => page.Status == 403 && page.Html.Contains("scope admin"));
        (await visitor.GetAsync($"/runs/{run.Id}/rollback")).Status.Should().Be(403);
        foreach (
            var path in (string[])
                [
                    "/runs/cancel",
                    "/runs/cancel-cycle",
                    "/runs/again",
                    "/runs/trigger",
                    "/runs/roll-back",
                    "/memory/add",
                    "/todo/add",
                    "/todo/tick",
                ]
        )
        {
            (await visitor.PostAsync("/", path, ("run_id", run.Id), ("content", "x"), ("text", "x"))).Status.Should().Be(403, path);
        }

        (await _server.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Queued);
        File.Exists(_server.Workspace.Paths.Todo).Should().BeFalse();
    }

    [Fact]
    public async Task Pages_WithoutATokenWhereOneIsNeeded_LeadToSigningIn()
    {
        await _server.TokenAsync("me", AccessScope.Admin);
        await _server.StartAsync();
        var visitor = Visitor();

        foreach (var path in All)
        {
            (await visitor.GetAsync(path)).Status.Should().Be(303, path);
        }

        (await visitor.GetAsync("/runs/run-a/output")).Status.Should().NotBe(200);
    }

    private string Audit() =>
        File.Exists(Path.Combine(_server.Files.Root, ".loop/logs/audit.jsonl")) ? _server.Files.Read(".loop/logs/audit.jsonl") : "";

    // Half a character has no encoding.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static List<string> Ids(string html) => [.. html.Split("href=\"/runs/run-").Skip(1).Select(static part => part.Split('"')[0])];

    private Task<Run> RequestAsync(string task) =>
        _server.Workspace.Runs.RequestAsync(new RunRequest("ask", task) { QueuesHandOff = true }, Token);

    private PageVisitorHere Visitor()
    {
        var visitor = new PageVisitorHere(_server.Address);
        _visitors.Add(visitor);
        return visitor;
    }
}
