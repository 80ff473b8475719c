using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Access;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed class PageSessionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PageSessions _sessions;

    public PageSessionsTests() => _sessions = new PageSessions(_time);

    [Fact]
    public void Find_AWordThatNobodyGot_FindsNothing()
    {
        var word = Begin();

        _sessions.Find(word)!.Grant.Name.Should().Be("me");
        _sessions.Find(word).Should().Be(_sessions.Find(word));
        _sessions.Find(word + "x").Should().BeNull();
        _sessions.Find("").Should().BeNull();
        _sessions.Find(_sessions.Find(word)!.Id).Should().BeNull("what is kept opens nothing");
    }

    [Fact]
    public void Find_AfterHalfADayWithoutUse_FindsNothing()
    {
        var word = Begin();
        _time.Advance(PageSessions.MaxIdle);
        _sessions.Find(word).Should().NotBeNull();

        _time.Advance(PageSessions.MaxIdle + TimeSpan.FromSeconds(1));

        _sessions.Find(word).Should().BeNull();
        _sessions.Count.Should().Be(0);
    }

    [Fact]
    public void Find_AfterAWeekOfUse_FindsNothing()
    {
        var word = Begin();
        for (var used = TimeSpan.Zero; used < PageSessions.MaxAge; used += PageSessions.MaxIdle)
        {
            _sessions.Find(word).Should().NotBeNull();
            _time.Advance(PageSessions.MaxIdle);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        _sessions.Find(word).Should().BeNull();
    }

    [Fact]
    public void Find_OnceItsTokenCountsNoMore_FindsNothing()
    {
        var counts = true;
        var word = _sessions.Begin(Grant(), () => counts);
        var session = _sessions.Find(word)!;
        _sessions.GoesOn(session).Should().BeTrue();

        counts = false;

        _sessions.GoesOn(session).Should().BeFalse();
        _sessions.Find(word).Should().BeNull();
    }

    [Fact]
    public void End_OfASession_EndsItForWhatIsOpen()
    {
        var word = Begin();
        var session = _sessions.Find(word)!;

        _sessions.End(session);

        _sessions.GoesOn(session).Should().BeFalse();
        _sessions.Find(word).Should().BeNull();
    }

    [Fact]
    public void Begin_OneMoreThanThereMayBe_EndsTheOneThatWasIdleTheLongest()
    {
        var (oldest, second) = (Begin(), "");
        for (var session = 1; session < PageSessions.Max; session++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            second = Begin();
        }

        _sessions.Find(oldest).Should().NotBeNull("it is used now");
        _time.Advance(TimeSpan.FromSeconds(1));
        Begin();

        _sessions.Count.Should().Be(PageSessions.Max);
        _sessions.Find(oldest).Should().NotBeNull();
        _sessions.Find(second).Should().NotBeNull();
    }

    private string Begin() => _sessions.Begin(Grant(), static () => true);

    private static AccessGrant Grant() => new("0123456789abcdef", "me", AccessScope.Admin, expires: null);
}
