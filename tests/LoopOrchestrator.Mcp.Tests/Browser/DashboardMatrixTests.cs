namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>Every page in light and dark, narrow and wide, with scripts and without.</summary>
public sealed class DashboardMatrixTests(Chromium browser) : IClassFixture<Chromium>
{
    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public async Task Pages_InEveryWay_AreSeenByEverybody()
    {
        foreach (var isDark in (bool[])[false, true])
        {
            foreach (var width in (int[])[320, 390, 768, 1440, 1920])
            {
                await using var context = await browser.OpenAsync(isDark, width, height: 900);
                var page = await context.NewPageAsync();
                foreach (var path in DashboardPages.All)
                {
                    await page.GotoAsync(path);
                    await DashboardTests.SeenByEverybodyAsync(page, $"{path} {(isDark ? "dark" : "light")} {width}");
                }
            }
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

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public async Task Pages_ByKeyboardOnly_LeadToEachOtherAndFocusIsSeen()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        foreach (var path in DashboardPages.All)
        {
            await page.GotoAsync(path);
            var reached = new HashSet<string>(StringComparer.Ordinal);
            for (var step = 0; step < 200; step++)
            {
                await page.Keyboard.PressAsync("Tab");
                var here = await page.EvaluateAsync<string>(
                    """
                    (() => {
                      const one = document.activeElement;
                      if (!one || one === document.body) return "";
                      const outline = getComputedStyle(one).outlineStyle;
                      return `${one.tagName} ${one.id} ${one.textContent.slice(0, 40)} ${outline}`;
                    })()
                    """
                );
                if (here.Length == 0 || !reached.Add(here))
                {
                    break;
                }

                here.Should().NotEndWith(" none", $"{path}: where the focus is has to be seen");
            }

            var wanted = await page.Locator("a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, summary")
                .CountAsync();
            reached.Count.Should().BeGreaterThanOrEqualTo(Math.Min(wanted, 5), path);
        }
    }
}
