using LoopOrchestrator.Mcp.Hosting.Connections;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting.Connections;

public sealed class ConnectionPlacesTests
{
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _closed = [];
    private readonly ConnectionPlaces _places;

    public ConnectionPlacesTests() => _places = new ConnectionPlaces(new ConnectionLimits(Places: 6, PlacesPerPeer: 3, HeadTimeout), _time);

    [Fact]
    public void Enter_BesideSilentOnesOfTheSamePeer_TakesTheOldestsPlace()
    {
        Enter("a1", "a").Should().BeTrue();
        Enter("a2", "a").Should().BeTrue();
        Enter("a3", "a").Should().BeTrue();

        Enter("a4", "a").Should().BeTrue();

        _closed.Should().Equal("a1");
        _places.Count.Should().Be(3);
    }

    [Fact]
    public void Enter_WithThePeersPlacesInUse_IsRefusedAndOthersAreNot()
    {
        foreach (var id in (string[])["a1", "a2", "a3"])
        {
            Enter(id, "a");
            _places.BeginRequest(id);
        }

        Enter("a4", "a").Should().BeFalse();
        Enter("b1", "b").Should().BeTrue();
        _closed.Should().BeEmpty();
    }

    [Fact]
    public void Enter_WithThePeersPlacesTakenByRequestsThatAreStillComing_TakesTheOldestsPlaceLastOfAll()
    {
        foreach (var id in (string[])["a1", "a2", "a3"])
        {
            Enter(id, "a");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _places.BeginRequest("a1", hasBody: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _places.BeginRequest("a2", hasBody: true);
        _places.BeginRequest("a3");
        _places.EndRequest("a3");
        _time.Advance(TimeSpan.FromSeconds(2));

        Enter("a4", "a").Should().BeTrue();
        _places.BeginRequest("a4", hasBody: true);
        _places.EndBody("a4");
        Enter("a5", "a").Should().BeTrue();
        _places.BeginRequest("a5");
        _places.EndBody("a2");

        Enter("a6", "a").Should().BeFalse("all are at work now: a2 and a4 have sent theirs whole");
        _closed.Should().Equal("a3", "a1");
    }

    [Fact]
    public void Enter_BesideOneThatIsNewAndOneWhoseBodyIsComingForLonger_TakesTheLatter()
    {
        foreach (var id in (string[])["a1", "a2"])
        {
            Enter(id, "a");
            _places.BeginRequest(id, hasBody: true);
        }

        Enter("a3", "a").Should().BeTrue();
        Enter("a4", "a").Should().BeTrue();
        Enter("a5", "a").Should().BeTrue();
        Enter("a6", "a").Should().BeTrue();

        _closed.Should().Equal("a1", "a2", "a3");
    }

    [Fact]
    public void Enter_BesideOneThatWasJustServedAndOneWhoseBodyIsComingForLonger_TakesTheLatter()
    {
        foreach (var id in (string[])["a1", "a2", "a3"])
        {
            Enter(id, "a");
            _places.BeginRequest(id, hasBody: true);
        }

        _places.EndRequest("a2");

        Enter("a4", "a").Should().BeTrue();

        _closed.Should().Equal("a1");
    }

    [Fact]
    public void Enter_BesideOneThatHasAskedForNothingForASecond_TakesItsPlaceBeforeThatOfABody()
    {
        Enter("a1", "a");
        _places.BeginRequest("a1", hasBody: true);
        Enter("a2", "a");
        Enter("a3", "a");
        _time.Advance(TimeSpan.FromSeconds(1));

        Enter("a4", "a").Should().BeTrue();

        _closed.Should().Equal("a2");
    }

    [Fact]
    public void Enter_BesideOneThatRestsAndOneThatIsNewAndABody_TakesThatWhichRests()
    {
        Enter("rests", "a");
        _places.BeginRequest("rests");
        _places.EndRequest("rests");
        _time.Advance(TimeSpan.FromMinutes(1));
        Enter("body", "a");
        _places.BeginRequest("body", hasBody: true);
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter("new", "a");

        Enter("a4", "a").Should().BeTrue();

        _closed.Should().Equal("rests");
    }

    [Fact]
    public void Enter_BesideOneThatIsNewAndABodyThatWasBegunLater_TakesTheFormer()
    {
        Enter("new", "a");
        foreach (var id in (string[])["a2", "a3"])
        {
            Enter(id, "a");
            _places.BeginRequest(id, hasBody: true);
        }

        Enter("a4", "a").Should().BeTrue();

        _closed.Should().Equal("new");
    }

    [Fact]
    public void Enter_WithAllPlacesTaken_TakesOneOfThePeerThatHoldsMostIdle()
    {
        foreach (var id in (string[])["a1", "a2", "a3"])
        {
            Enter(id, "a");
        }

        foreach (var id in (string[])["b1", "b2", "c1"])
        {
            Enter(id, id[..1]);
        }

        Enter("d1", "d").Should().BeTrue();

        _closed.Should().Equal("a1");
    }

    [Fact]
    public void Enter_BesideOneThatWasServedAndOneThatNeverAsked_TakesTheLatter()
    {
        Enter("a1", "a");
        _places.BeginRequest("a1");
        _places.EndRequest("a1");
        Enter("a2", "a");
        Enter("a3", "a");

        Enter("a4", "a").Should().BeTrue();
        Enter("a5", "a").Should().BeTrue();
        Enter("a6", "a").Should().BeTrue();

        _closed.Should().Equal("a2", "a3", "a4");
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, false)]
    public void HeadTimer_Over_ClosesOnlyWhatNeverAsked(int begun, int ended, bool closes)
    {
        Enter("a1", "a");
        using var timer = _places.StartHeadTimer("a1");
        _time.Advance(HeadTimeout - TimeSpan.FromMilliseconds(1));
        _closed.Should().BeEmpty();
        for (var i = 0; i < begun; i++)
        {
            _places.BeginRequest("a1");
        }

        for (var i = 0; i < ended; i++)
        {
            _places.EndRequest("a1");
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));

        _closed.Should().HaveCount(closes ? 1 : 0);
        _places.Count.Should().Be(closes ? 0 : 1);
    }

    [Fact]
    public void Leave_AfterEnter_GivesThePlaceBack()
    {
        foreach (var id in (string[])["a1", "a2", "a3"])
        {
            Enter(id, "a");
            _places.BeginRequest(id);
        }

        _places.Leave("a2");
        _places.Leave("a2");

        Enter("a4", "a").Should().BeTrue();
        Enter("a5", "a").Should().BeTrue("the one that has not asked yet gives up its place");
        _closed.Should().Equal("a4");
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(1_048_576L, 512)]
    [InlineData(128L, 32)]
    [InlineData(16L, 8)]
    public void Limits_UnderALimitOfOpenFiles_LeaveMostOfThemToTheRest(long? openFiles, int places)
    {
        var limits = ConnectionLimits.For(openFiles);

        limits.Places.Should().Be(places);
        limits.PlacesPerPeer.Should().Be(places / 2);
    }

    private bool Enter(string id, string peer)
    {
        // Real connections never come at the same moment.
        _time.Advance(TimeSpan.FromTicks(1));
        return _places.TryEnter(id, peer, () => _closed.Add(id));
    }
}
