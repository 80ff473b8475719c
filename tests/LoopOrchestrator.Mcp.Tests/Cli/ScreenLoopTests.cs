using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Watching;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class ScreenLoopTests : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly WatchedTime _time = new();
    private Action _changed = static () => { };
    private int _frames;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task Frame_AfterAChange_IsDrawnOverTheOneBeforeInOneWrite()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = StartAsync(static number => $"frame {number}\n", 80, end.Token);
        await _time.Waits.WaitAsync(Token);

        _changed();
        _changed();
        _time.Advance(ScreenLoop.Shortest);
        await _time.Waits.WaitAsync(Token);
        await _time.Waits.WaitAsync(Token);
        await end.CancelAsync();
        await running;

        var shown = _terminal.ToString();
        shown.Should().Contain("\e[Hframe 1\e[K\e[J\e[Hframe 2\e[K\e[J", "nothing is cleared before it is drawn over");
        shown.Should().NotContain("\e[2J");
        _frames.Should().Be(2, "two changes at once are one frame");
    }

    [Fact]
    public async Task End_ByAnInterrupt_RestoresCursorAndScreenAndPrintsTheLastFrame()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = StartAsync(static _ => "all well\n", 80, end.Token);
        await _time.Waits.WaitAsync(Token);

        await end.CancelAsync();
        await running;

        _terminal.ToString().Should().StartWith("\e[?1049h\e[?25l").And.EndWith("\e[?25h\e[?1049lall well\n");
    }

    [Fact]
    public async Task End_ByAnErrorOfAFrame_RestoresTheTerminalToo()
    {
        var loop = new ScreenLoop(_terminal, static () => new ScreenSize(80, 24), _time);

        var act = () =>
            loop.RunAsync(static (_, _) => throw new InvalidOperationException("a fault"), static _ => new StringReader(""), Token);

        await act.Should().ThrowAsync<InvalidOperationException>().WithMessage("a fault");
        _terminal.ToString().Should().EndWith("\e[?25h\e[?1049l");
    }

    [Fact]
    public async Task Frame_LongerThanTheScreen_IsCutAndSaysSo()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = StartAsync(
            static _ => string.Join('\n', Enumerable.Range(1, 30).Select(static line => $"line {line}")),
            5,
            end.Token
        );
        await _time.Waits.WaitAsync(Token);
        await end.CancelAsync();
        await running;

        var drawn = _terminal.ToString().Split("\e[J")[0];
        drawn.Should().Contain("line 4").And.NotContain("line 5").And.Contain("26 more lines");
    }

    private Task StartAsync(Func<int, string> frame, int height, CancellationToken cancellationToken) =>
        new ScreenLoop(_terminal, () => new ScreenSize(80, height), _time).RunAsync(
            (_, _) => Task.FromResult(frame(++_frames)),
            changed =>
            {
                _changed = changed;
                return new StringReader("");
            },
            cancellationToken
        );

    private sealed class WatchedTime : FakeTimeProvider
    {
        /// <summary>Is released each time that something begins to wait for a moment.</summary>
        public SemaphoreSlim Waits { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Release();
            return timer;
        }
    }
}
