namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>Every page in light and dark, narrow and wide, with scripts and without.</summary>
public sealed class DashboardMatrixTests(SampledChromium browser) : IClassFixture<SampledChromium>
{
    public static MatrixTheoryData<bool, int> Ways => new([false, true], [320, 390, 768, 1440, 1920]);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(Ways))]
    public async Task Pages_InEveryWay_AreSeenByEverybody(bool isDark, int width)
    {
        await using var context = await browser.OpenAsync(isDark, width, height: 900);
        var page = await context.NewPageAsync();
        foreach (var path in DashboardPages.All)
        {
            await page.GotoAsync(path);
            await DashboardTests.SeenByEverybodyAsync(page, $"{path} {(isDark ? "dark" : "light")} {width}");
        }
    }

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public async Task Pages_WithoutScripts_SayTheSame()
    {
        await using var with = await browser.OpenAsync();
        await using var without = await browser.OpenAsync(hasScripts: false);
        var (one, other) = (await with.NewPageAsync(), await without.NewPageAsync());
        foreach (var path in DashboardPages.All)
        {
            await one.GotoAsync(path);
            await other.GotoAsync(path);

            (await other.Locator("h1, h2").AllTextContentsAsync()).Should().Equal(await one.Locator("h1, h2").AllTextContentsAsync(), path);
        }
    }

    // What a pointer could press or write into: each with where it is in the page.
    private const string Offered = """
        () => {
          const all = [...document.querySelectorAll("*")];
          return all
            .map((one, place) => ({ one, place }))
            .filter(({ one }) => one.matches("a[href], button, input:not([type=hidden]), select, textarea, summary"))
            .filter(({ one }) => !one.disabled && one.checkVisibility())
            .map(({ one, place }) => `${place} ${one.tagName}`);
        }
        """;

    // Where the focus is, and how that is shown; nothing behind the last.
    private const string Here = """
        () => {
          const one = document.activeElement;
          if (!one || one === document.body) return [];
          return [`${[...document.querySelectorAll("*")].indexOf(one)} ${one.tagName}`, getComputedStyle(one).outlineStyle];
        }
        """;

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public async Task Pages_ByKeyboardOnly_LeadToEachOtherAndFocusIsSeen()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();

        // Nothing changes while it is gone through.
        await page.RouteAsync("**/events", static _ => Task.CompletedTask);
        foreach (var path in DashboardPages.All)
        {
            await page.GotoAsync(path);
            var missed = await page.EvaluateAsync<string[]>(Offered);
            var reached = new HashSet<string>(StringComparer.Ordinal);
            while (true)
            {
                await page.Keyboard.PressAsync("Tab");
                var here = await page.EvaluateAsync<string[]>(Here);
                if (here.Length == 0 || !reached.Add(here[0]))
                {
                    break;
                }

                here[1].Should().NotBe("none", $"{path}: where the focus is has to be seen, at {here[0]}");
            }

            missed.Except(reached, StringComparer.Ordinal).Should().BeEmpty($"{path}: everything is reached by Tab");
        }
    }
}
