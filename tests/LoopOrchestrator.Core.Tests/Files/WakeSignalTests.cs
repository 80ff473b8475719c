using LoopOrchestrator.Core.Files;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class WakeSignalTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(2);

    private readonly WakeSignal _signal = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitAsync_SignalsBefore_AreTakenAsOne()
    {
        _signal.Set();
        _signal.Set();

        await WaitAsync().WaitAsync(HangGuard, Token);
        WaitAsync().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task WaitAsync_SignalMeanwhile_Wakes()
    {
        var wait = WaitAsync();
        wait.IsCompleted.Should().BeFalse();
        _signal.Set();

        await wait.WaitAsync(HangGuard, Token);
    }

    [Fact]
    public async Task WaitAsync_LimitReached_EndsAndLosesNoLaterSignal()
    {
        var wait = WaitAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await wait.WaitAsync(HangGuard, Token);
        _signal.Set();

        await WaitAsync().WaitAsync(HangGuard, Token);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_LeavesTheSignal()
    {
        _signal.Set();
        await FluentActions
            .Awaiting(() => _signal.WaitAsync(TimeSpan.FromHours(1), _time, new CancellationToken(canceled: true)))
            .Should()
            .ThrowAsync<OperationCanceledException>();

        await WaitAsync().WaitAsync(HangGuard, Token);
    }

    [Fact]
    public async Task Set_ManyThreads_NoneIsLost()
    {
        const int threads = 4;
        const int each = 2_000;
        var work = 0;
        var seen = 0;
        var setters = Enumerable
            .Range(0, threads)
            .Select(_ =>
                Task.Run(
                    () =>
                    {
                        for (var i = 0; i < each; i++)
                        {
                            Interlocked.Increment(ref work);
                            _signal.Set();
                        }
                    },
                    Token
                )
            )
            .ToList();

        // The clock stands still: a lost signal leaves the last work unseen for ever.
        while (seen < threads * each)
        {
            await WaitAsync().WaitAsync(HangGuard, Token);
            seen = Volatile.Read(ref work);
        }

        await Task.WhenAll(setters);
        seen.Should().Be(threads * each);
    }

    private Task WaitAsync() => _signal.WaitAsync(TimeSpan.FromHours(1), _time, Token);
}
