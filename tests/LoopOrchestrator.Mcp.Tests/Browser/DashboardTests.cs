using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Mcp.Tests.Pages;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>Every page and every action of the dashboard once, in a browser as people have one.</summary>
public sealed class DashboardTests(SampledChromium browser) : IClassFixture<SampledChromium>
{
    private const int Tabs = 2;

    // All rules; only what breaks one is written out, for a page has thousands of elements that keep to all. In the page itself, which has
    // no frames: the engine's own way has a second page opened for each to put the answers of frames together.
    private const string Accessibility = """
        async () => {
          const found = await axe.run(document, { resultTypes: ["violations"] });
          return found.violations.map(one => `${one.id} (${one.help}) at ${one.nodes.map(node => node.html).join("; ")}`);
        }
        """;

    private static readonly string Engine = new BundledAxeScriptProvider().GetScript();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_InABrowser_AreSeenWithoutAnErrorAndByEverybody()
    {
        await using var context = await browser.OpenAsync(isDark: true);
        var errors = new ConcurrentQueue<string>();

        // Side by side: each tab has a process of its own.
        await Task.WhenAll(DashboardPages.All.Chunk((DashboardPages.All.Count + Tabs - 1) / Tabs).Select(SeeAsync));

        async Task SeeAsync(string[] paths)
        {
            var page = await context.NewPageAsync();
            Watch(page, errors);
            foreach (var path in paths)
            {
                await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
                await SeenByEverybodyAsync(page, path);
            }
        }

        errors.Should().BeEmpty("nothing is refused by the pages' own policy, and no script fails");
    }

    [Fact]
    public async Task Now_WhileItIsLookedAt_ShowsWhatChangesAndWhatWasSeenIsGone()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#needs")).ToContainTextAsync("Mend the parser");
        await Eventually.TrueAsync("its stream is open", () => News.Readers > 0);

        await browser.Server.Workspace.Schedules.PauseAsync("nightly", "for the test", Token);
        await Assertions.Expect(page.Locator("#next")).ToContainTextAsync("Nothing is due");
        await browser.Server.Workspace.Schedules.ResumeAsync("nightly", Token);
        await Assertions.Expect(page.Locator("#next")).ToContainTextAsync("Nightly checks");

        await page.Locator("#needs li", new() { HasText = "Mend the parser" }).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#needs")).Not.ToContainTextAsync("Mend the parser");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#needs")).Not.ToContainTextAsync("Mend the parser");
    }

    [Fact]
    public async Task Now_ByItsKeys_AnswersAQuestion()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        var item = page.Locator("#needs li", new() { HasText = "Which colour" }).First;
        var key = await item.Locator("[data-key]").GetAttributeAsync("data-key");

        await page.Keyboard.PressAsync(key!);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("green 1");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Answered");
        (await browser.Server.Workspace.Runs.ListAsync(new Core.Runs.Stores.RunFilter { Limit = 50 }, Token))
            .Should()
            .Contain(static run => run.Answers.Contains("green 1"));
    }

    [Fact]
    public async Task Run_WhileItIsLookedAt_ShowsThePartsThatComeAndItsOtherActions()
    {
        var runs = browser.Server.Workspace.Runs;
        var run = await runs.RequestAsync(new RunRequest("code", "Write it down.") { Agent = "handoff", QueuesHandOff = true }, Token);
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/runs/{run.Id}");
        await Eventually.TrueAsync("its stream is open", () => News.Readers > 0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "About it" }).WaitForAsync();

        var taken = (await runs.ClaimAsync(run.Id, mode: null, Token))!;
        var report = new RunReport(RunState.Succeeded, "All of it is written.", ["Ink runs out."], [], []);
        await runs.CompleteAsync(run.Id, report, leaseToken: taken.LeaseToken, cancellationToken: Token);

        await Assertions.Expect(page.Locator("#summary")).ToContainTextAsync("All of it is written.");
        await Assertions.Expect(page.Locator("#findings")).ToContainTextAsync("Ink runs out.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ask for it again" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Pages_OnceTheStreamIsThereAgain_ShowWhatHappenedMeanwhile()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/events", static route => route.AbortAsync());
        await page.GotoAsync("/schedules");
        await Assertions.Expect(page.Locator("#lost")).ToBeVisibleAsync();
        await browser.Server.Workspace.Schedules.PauseAsync("nightly", "while it was away", Token);
        try
        {
            // Sooner than the page would look by itself: behind 15 s where its stream is closed, and every 30 s.
            await page.UnrouteAsync("**/events");

            await Assertions.Expect(page.Locator("#schedules")).ToContainTextAsync("while it was away", new() { Timeout = 10_000 });
            await Assertions.Expect(page.Locator("#lost")).ToBeHiddenAsync();
        }
        finally
        {
            await browser.Server.Workspace.Schedules.ResumeAsync("nightly", Token);
        }
    }

    [Fact]
    public async Task Lists_WhileAFilterIsChosen_FollowAndLeaveIt()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/runs?state=queued");
        await Eventually.TrueAsync("its stream is open", () => News.Readers > 0);
        await page.GetByLabel("Mode").SelectOptionAsync("ask");

        await browser.Server.Workspace.Runs.RequestAsync(
            new RunRequest("code", "Come later.") { Agent = "handoff", QueuesHandOff = true },
            Token
        );

        await Assertions.Expect(page.Locator("#list")).ToContainTextAsync("Come later.");
        await Assertions.Expect(page.GetByLabel("Mode")).ToHaveValueAsync("ask");
    }

    [Fact]
    public async Task Work_OfAPerson_IsDoneByItsButtons()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        var main = page.Locator("main");
        async Task PressAsync(string name) => await main.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();

        await page.GotoAsync("/schedules");
        await PressAsync("Pause all");
        await Assertions.Expect(page.Locator("#schedules")).ToContainTextAsync("paused");
        await PressAsync("Resume all");
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "Pause all" })).ToBeVisibleAsync();

        await page.GotoAsync("/schedules/show?id=nightly");
        await main.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "its run" }).First.ClickAsync();
        await PressAsync("Cancel");
        await Assertions.Expect(main).ToContainTextAsync("It was told to end");
        await PressAsync("Trigger its schedule");
        await Assertions.Expect(main).ToContainTextAsync("this is the new run");
        await PressAsync("Cancel");

        var run = await browser.Server.Workspace.Runs.RequestAsync(
            new RunRequest("code", "Be cancelled.") { Agent = "handoff", QueuesHandOff = true },
            Token
        );
        await page.GotoAsync($"/runs/{run.Id}");
        await PressAsync("Cancel");
        await PressAsync("Ask for it again");
        await Assertions.Expect(main).ToContainTextAsync("this is the new run");

        await page.GotoAsync("/memory");
        await page.GetByLabel("What was found").FillAsync("Ports are few.");
        await PressAsync("Add");
        await Assertions.Expect(main).ToContainTextAsync("It is in the memory.");

        await page.GotoAsync("/todo");
        await page.GetByLabel("What is to be done").FillAsync("Paint it");
        await PressAsync("Add");
        await Assertions.Expect(main).ToContainTextAsync("It is in the plan.");
        await main.GetByRole(AriaRole.Button, new() { Name = "Tick" }).First.ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("Ticked.");
        await page.GotoAsync("/todo?all=1");
        await main.GetByRole(AriaRole.Button, new() { Name = "Open again" }).First.ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("Open again.");
    }

    [Fact]
    public async Task Steps_ThatWereStopped_GoOnByTheirForm()
    {
        for (var time = 0; time < 3; time++)
        {
            await SampleWorkspace.EndAsync(browser.Server, "Fail each time.", RunState.Failed, "It broke.");
        }

        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.Locator("#needs summary", new() { HasText = "Resolve" }).ClickAsync();
        await page.GetByLabel("What was done about it").FillAsync("the disk is new");
        await page.Locator("#needs").GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Resolved; its work goes on.");
    }

    [Fact]
    public async Task Visitors_WithAToken_SignInAndOut()
    {
        await using var server = new PageServer();
        var token = await server.TokenAsync("me", AccessScope.Run);
        await server.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, "/todo").AbsoluteUri);
        await page.GetByLabel("Access token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("TODO");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GotoAsync(new Uri(server.Address, "/todo").AbsoluteUri);

        await Assertions.Expect(page.GetByLabel("Access token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Schedules_WithoutScripts_AreMadeChangedPausedTriggeredAndDeleted()
    {
        await using var context = await browser.OpenAsync(width: 390, height: 800, hasScripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/schedules");
        await page.GetByRole(AriaRole.Link, new() { Name = "New schedule" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Made here");
        await page.GetByLabel("Task").FillAsync("Do it\nwell.");
        await page.GetByLabel("Every").FillAsync("10 hoors");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#interval-error")).ToContainTextAsync("10 hoors");

        await page.GetByLabel("Every").FillAsync("10 hours");
        await page.GetByLabel("Start").FillAsync("2090-01-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show when" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It would be due");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Saved; it counts at once.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("in the queue");
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Removed from the file");
        await Assertions.Expect(page.Locator("#schedules")).Not.ToContainTextAsync("Made here");
    }

    [Fact]
    public async Task Tabs_Seven_ShareOneStreamAndAllAreTold()
    {
        await using var context = await browser.OpenAsync();
        var pages = new List<IPage>();
        for (var tab = 0; tab < 7; tab++)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync("/schedules");
            pages.Add(page);
        }

        await Eventually.TrueAsync("one of them has the stream", () => News.Readers == 1);
        await browser.Server.Workspace.Schedules.PauseAsync("nightly", "for all tabs", Token);
        try
        {
            foreach (var page in pages)
            {
                await Assertions.Expect(page.Locator("#schedules")).ToContainTextAsync("for all tabs");
            }

            await pages[0].CloseAsync();
            await Eventually.TrueAsync("another has taken it over", () => News.Readers == 1);
        }
        finally
        {
            await browser.Server.Workspace.Schedules.ResumeAsync("nightly", Token);
        }

        await Assertions.Expect(pages[6].Locator("#schedules")).Not.ToContainTextAsync("for all tabs");
    }

    [Fact]
    public async Task Check_OfAPageThatBreaksARule_FindsIt()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.SetContentAsync("<html lang=en><title>x</title><main><h1>x</h1><img src=x.png></main></html>");

        await FluentActions
            .Awaiting(() => SeenByEverybodyAsync(page, "a made-up page"))
            .Should()
            .ThrowAsync<Exception>()
            .WithMessage("*image-alt*");
    }

    private PageNews News => browser.Server.App.Services.GetRequiredService<PageNews>();

    internal static async Task SeenByEverybodyAsync(IPage page, string what)
    {
        await page.EvaluateAsync(Engine);
        (await page.EvaluateAsync<string[]>(Accessibility)).Should().BeEmpty(what);
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        width.Should().BeLessThanOrEqualTo(0, $"{what} does not scroll sideways");
    }

    private static void Watch(IPage page, ConcurrentQueue<string> errors)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Enqueue(error);
    }
}
