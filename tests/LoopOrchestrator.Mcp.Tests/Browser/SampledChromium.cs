using LoopOrchestrator.Mcp.Tests.Pages;
using Microsoft.Playwright;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>
/// A server with a workspace that has something of everything, and the system's Chromium to look at it, both for the tests of a class.
/// </summary>
public sealed class SampledChromium : IAsyncLifetime
{
    private readonly Chromium _chromium = new();

    public PageServer Server { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (Chromium.IsHere)
        {
            await SampleWorkspace.FillAsync(Server);
        }

        await _chromium.InitializeAsync();
    }

    /// <inheritdoc cref="Chromium.OpenAsync"/>
    public Task<IBrowserContext> OpenAsync(bool isDark = false, int width = 1440, int height = 1000, bool hasScripts = true) =>
        _chromium.OpenAsync(Chromium.IsHere ? Server.Address : new Uri("about:blank"), isDark, width, height, hasScripts);

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}
