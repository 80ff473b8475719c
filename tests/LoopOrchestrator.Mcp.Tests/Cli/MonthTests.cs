using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>A workspace with a history, looked at on a terminal of 80 columns: no row takes two lines.</summary>
public sealed class MonthTests : IAsyncLifetime
{
    private const int Width = 80;

    private static readonly string[][] Tables =
    [
        ["status"],
        ["runs", "list", "--limit", "100"],
        ["runs", "list", "--state", "failed"],
        ["schedules", "list", "--all"],
        ["schedules", "history", "--limit", "100"],
        ["cycles", "list"],
        ["cycles", "show", "last"],
        ["runs", "show", "last"],
        ["escalations", "list", "--all"],
        ["timing", "list"],
        ["timing", "stats"],
        ["timing", "audit"],
        ["timing", "sessions"],
        ["modes", "list"],
        ["workflows", "list"],
        ["todo", "list", "--all"],
        ["doctor"],
    ];

    private readonly TemporaryWorkspace _workspace = new();

    public async ValueTask InitializeAsync() =>
        await MonthOfHistory.MakeAsync(
            Path.Combine(_workspace.Root, "month"),
            days: 3,
            TimeProvider.System.GetUtcNow(),
            MonthOfHistory.Seed,
            TestContext.Current.CancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Tables_OfAHistory_FitAnEightyColumnTerminal()
    {
        foreach (var arguments in Tables)
        {
            var result = await CommandLineHere.RunOnATerminalAsync(
                Width,
                [.. arguments, "--workspace", Path.Combine(_workspace.Root, "month")]
            );

            result.Output.Should().NotBeEmpty();
            result
                .Output.Split('\n')
                .Where(static line => TextWidth.Of(line) > Width && !IsAPath(line))
                .Should()
                .BeEmpty("{0} has to fit", string.Join(' ', arguments));
        }
    }

    // A path or a command to copy is never broken.
    private static bool IsAPath(string line) =>
        line.TrimStart().StartsWith("all of it: ", StringComparison.Ordinal) || !line.Trim().Contains(' ', StringComparison.Ordinal);
}
