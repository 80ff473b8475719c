using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Hosting.Channel;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting.Channel;

/// <summary>What is found of what waits.</summary>
public sealed class ChannelNewsTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task FindAsync_HandOffBehindManyRunsOfAgents_IsFound()
    {
        await AddAsync("run-old", AgentKind.Handoff, seconds: 0);
        for (var second = 1; second <= 200; second++)
        {
            await AddAsync($"run-{second}", AgentKind.Command, second);
        }

        var look = await ChannelNews.FindAsync(_test.Workspace, Cancellation);

        look.IsComplete.Should().BeTrue();
        look.News.Should().ContainSingle().Which.Id.Should().Be("run-old");
    }

    [Fact]
    public async Task FindAsync_HandOffWhoseHolderIsGone_IsSoSinceThen()
    {
        var gone = _test.Now.AddHours(1);
        await AddAsync("run-back", AgentKind.Handoff, seconds: 0, gone);

        (await ChannelNews.FindAsync(_test.Workspace, Cancellation)).News.Single().Since.Should().Be(gone);
    }

    private Task AddAsync(string id, AgentKind kind, int seconds, DateTimeOffset? gone = null) =>
        _test.Workspace.Storage.Runs.AddAsync(
            new Run
            {
                Id = id,
                Mode = "code",
                Task = "x",
                AgentKind = kind,
                Priority = RunPriority.Normal,
                State = RunState.Queued,
                TimeoutSeconds = 60,
                CreatedAt = _test.Now.AddSeconds(seconds),
                HolderGoneSince = gone,
            },
            "a test says so",
            Cancellation
        );
}
