using LoopOrchestrator.Testing.Hangs;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Hangs;

public sealed class RunningTestsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly FakeTimeProvider _time = new();
    private readonly RunningTests _running;

    public RunningTestsTests() => _running = new RunningTests(_time);

    [Fact]
    public void Test_BeyondTheLimit_IsNamedWithTheOthersUnderWay()
    {
        _running.Begin("1", "the slow one");
        _time.Advance(TimeSpan.FromMinutes(6));
        _running.Begin("2", "the other");
        _running.Begin("3", "the quick one");
        _running.End("3");
        _running.FindHang(Limit).Should().BeNull();

        _time.Advance(TimeSpan.FromMinutes(5));

        _running.FindHang(Limit).Should().Contain("660 s  the slow one").And.Contain("300 s  the other").And.NotContain("the quick one");
    }

    [Fact]
    public void Hang_NothingUnderWay_IsOneOnlyAfterTheLimit()
    {
        _running.Begin("1", "first");
        _time.Advance(Limit);
        _running.End("1");
        _time.Advance(Limit);
        _running.FindHang(Limit).Should().BeNull();

        _time.Advance(TimeSpan.FromSeconds(1));

        _running.FindHang(Limit).Should().Contain("no test is under way").And.Contain("601 s");
    }
}
