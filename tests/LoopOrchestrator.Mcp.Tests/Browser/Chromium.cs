using Microsoft.Playwright;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>The system's Chromium, for the tests of a class. Where there is none they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // The one without windows takes two thirds of the time of the whole one.
    private static readonly string[] Places =
    [
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Whether there is one.</summary>
    public static bool IsHere => Program is not null;

    private static string? Program => Array.Find(Places, File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is not { } program)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            }
        );
    }

    /// <summary>A window of its own, with cookies of its own.</summary>
    /// <param name="address">Where its addresses begin.</param>
    /// <param name="isDark">What its system prefers.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="hasScripts">Whether it executes scripts.</param>
    public Task<IBrowserContext> OpenAsync(Uri address, bool isDark = false, int width = 1440, int height = 1000, bool hasScripts = true)
    {
        Assert.SkipWhen(_browser is null, $"there is no Chromium at {string.Join(", ", Places)}: apt-get install chromium-headless-shell");
        return _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = address.AbsoluteUri,
                ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = new ViewportSize { Width = width, Height = height },
                JavaScriptEnabled = hasScripts,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
