using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class LongWorkTests : IDisposable
{
    private readonly StringWriter _text = new();
    private readonly WatchedTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task While_LongerThanASecondOnATerminal_SaysSoAndTakesItAway()
    {
        var work = new TaskCompletionSource<int>();
        var waiting = LongWork.WhileAsync(Terminal(), _time, static () => "Rolling back \e]0;title\a", work.Task);
        await _time.Waits.WaitAsync(Token);
        _text.ToString().Should().BeEmpty("it may be over at once");

        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.Waits.WaitAsync(Token);
        work.SetResult(7);

        (await waiting).Should().Be(7);
        _text.ToString().Should().Be("\rRolling back \\u001b]0;title\\u0007, 0:00:01\e[K\r\e[K", "what others wrote steers no terminal");
    }

    [Fact]
    public async Task While_WorkThatTellsHowFarItIs_SaysItAnewEachTime()
    {
        var work = new TaskCompletionSource<int>();
        var count = 0;
        var waiting = LongWork.WhileAsync(Terminal(), _time, () => $"{count} rows", work.Task);
        foreach (var rows in (int[])[500, 1000])
        {
            await _time.Waits.WaitAsync(Token);
            count = rows;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await _time.Waits.WaitAsync(Token);
        work.SetResult(7);
        await waiting;

        _text.ToString().Should().Be("\r500 rows, 0:00:01\e[K\r1000 rows, 0:00:02\e[K\r\e[K");
    }

    [Fact]
    public async Task While_Piped_SaysNothing()
    {
        var work = new TaskCompletionSource<int>();
        var waiting = LongWork.WhileAsync(_text, _time, static () => "Rolling back", work.Task);
        _time.Advance(TimeSpan.FromSeconds(5));
        work.SetResult(7);

        (await waiting).Should().Be(7);
        _text.ToString().Should().BeEmpty();
    }

    [Fact]
    public async Task While_ThatFails_TakesItsLineAwayAndFails()
    {
        var work = new TaskCompletionSource<int>();
        var waiting = LongWork.WhileAsync(Terminal(), _time, static () => "Rolling back", work.Task);
        await _time.Waits.WaitAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.Waits.WaitAsync(Token);
        work.SetException(new InvalidOperationException("a fault"));

        await ((Func<Task>)(() => waiting)).Should().ThrowAsync<InvalidOperationException>().WithMessage("a fault");
        _text.ToString().Should().EndWith("\r\e[K");
    }

    private TerminalWriter Terminal() => new(_text, 80, hasColour: false) { Screen = static () => new ScreenSize(80, 24) };

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
