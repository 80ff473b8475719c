using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Playwright;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>
/// Buttons behind which processes are ended, started, or files are written: each on a workspace of its own, of the program itself.
/// </summary>
public sealed class DashboardDoorTests(Chromium browser) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc, and agents are shell commands.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Rollback_OfACycle_ShowsItsFilesThenTakesThemBack()
    {
        _workspace.Files.Write("code.txt", "wrong\n");
        _workspace.Files.Write("notes.txt", "mine\n");
        _workspace.AddShell("writer", "echo right > code.txt; echo new > made.txt");
        _workspace.WriteWorkflow("writer", "grep -q right code.txt");
        await GitCalls.InitialiseGitAsync(_workspace.Root);
        var (server, client) = await ServeAsync();
        await using var context = await browser.OpenAsync(server.Address!);
        var id = await CycleAsync(client);
        await client.EndOfRunAsync(id);
        _workspace.Files.Write("notes.txt", "mine, changed\n");
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/runs/{id}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Take back its changes" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nothing has been changed yet.");
        await Assertions.Expect(Row("code.txt")).ToContainTextAsync("comes back");
        await Assertions.Expect(Row("made.txt")).ToContainTextAsync("is removed");
        _workspace.Files.Read("code.txt").Should().Be("right\n", "looking takes nothing back");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take them back" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Taken back.");
        _workspace.Files.Read("code.txt").Should().Be("wrong\n");
        File.Exists(_workspace.FullPath("made.txt")).Should().BeFalse();
        _workspace.Files.Read("notes.txt").Should().Be("mine, changed\n");
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the run" }).ClickAsync();
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("succeeded");

        ILocator Row(string file) => page.Locator("#files tr", new() { HasText = file });
    }

    [Fact]
    public async Task CancelCycle_WhileAStepHangs_EndsItAndThePageTells()
    {
        _workspace.AddCommand("stubborn", "print", "here", "ignore-term", "hang");
        _workspace.WriteWorkflow("stubborn", "touch gate-ran");
        await GitCalls.InitialiseGitAsync(_workspace.Root);
        var (server, client) = await ServeAsync();
        await using var context = await browser.OpenAsync(server.Address!);
        var id = await CycleAsync(client);

        // What is asked for has not begun yet.
        (await client.OnlyCycleAsync()).Should().Be(id);
        var step = await client.RunningStepAsync(id);
        await client.PrintedAsync(step, "here");
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/runs/{id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the cycle", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It was told to end");
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("cancelled", new() { Timeout = 30_000 });
        await Assertions
            .Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel the cycle", Exact = true }))
            .ToHaveCountAsync(0, new() { Timeout = 30_000 });
        (await client.EndOfRunAsync(step)).Text("state").Should().Be("cancelled");
        (await client.EndOfRunAsync(id)).Text("state").Should().Be("cancelled");
        LoopWorkspace.Workers(step).Should().BeEmpty();
        File.Exists(_workspace.FullPath("gate-ran")).Should().BeFalse("what comes behind a cancelled step is not begun");
    }

    [Fact]
    public async Task ResumeAgent_OnceItIsSignedIn_StartsWhatWasHeldBack()
    {
        _workspace.AddShell(
            "asleep",
            $"test -e signed-in || exit 41; exec '{LoopWorkspace.Dummy}' say gemini begin '' say gemini success 'All done.'",
            preset: "gemini"
        );
        _workspace.WriteConfiguration();
        var (server, client) = await ServeAsync();
        await using var context = await browser.OpenAsync(server.Address!);
        var refused = await client.StartRunAsync("asleep");
        (await client.EndOfRunAsync(refused)).Text("state").Should().Be("failed");
        var held = await client.StartRunAsync("asleep");
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        var need = page.Locator("#needs li", new() { HasText = "Agent asleep" });
        await Assertions.Expect(need).ToContainTextAsync("is not signed in");
        (await client.CallAsync("get_run", ("run_id", held))).Text("state").Should().Be("queued");

        _workspace.Files.Write("signed-in", "");
        await need.GetByRole(AriaRole.Button, new() { Name = "Let it go on" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("The agent goes on.");
        await Assertions.Expect(need).ToHaveCountAsync(0);
        var run = await client.EndOfRunAsync(held);
        run.Text("state").Should().Be("succeeded");
        run.Text("summary").Should().Be("All done.");
    }

    private async Task<(ServerProcess Server, McpClient Client)> ServeAsync()
    {
        var server = await _workspace.StartHttpAsync("--trust-workspace", "--toolsets", "default,cycles");
        return (server, await _workspace.ConnectAsync(server));
    }

    private static async Task<string> CycleAsync(McpClient client) =>
        (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Make it right."))).Text("run_id");
}
