using Deque.AxeCore.Playwright;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>Every page and every action of the dashboard once, in a browser as people have one.</summary>
public sealed class DashboardTests(Chromium browser) : IClassFixture<Chromium>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_InABrowser_AreSeenWithoutAnErrorAndByEverybody()
    {
        await using var context = await browser.OpenAsync(isDark: true);
        var page = await context.NewPageAsync();
        var errors = Watch(page);

        foreach (var path in DashboardPages.All)
        {
            await page.GotoAsync(path);

            await SeenByEverybodyAsync(page, path);
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

    private PageNews News => browser.Server.App.Services.GetRequiredService<PageNews>();

    internal static async Task SeenByEverybodyAsync(IPage page, string what)
    {
        var found = await page.RunAxe();

        found
            .Violations.Select(one => $"{what}: {one.Id} ({one.Help}) at {string.Join("; ", one.Nodes.Select(static node => node.Html))}")
            .Should()
            .BeEmpty();
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        width.Should().BeLessThanOrEqualTo(0, $"{what} does not scroll sideways");
    }

    internal static List<string> Watch(IPage page)
    {
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        return errors;
    }
}
