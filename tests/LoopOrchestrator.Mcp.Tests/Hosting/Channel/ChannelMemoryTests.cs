using LoopOrchestrator.Mcp.Hosting.Channel;

namespace LoopOrchestrator.Mcp.Tests.Hosting.Channel;

/// <summary>What a session is told of what is found again and again.</summary>
public sealed class ChannelMemoryTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch.AddDays(1);
    private readonly ChannelMemory _memory = new(Begin);

    [Fact]
    public void Take_AtTheFirstLook_TellsWhatCameSinceTheSessionBegan() =>
        Tell(Look(One("old", -1), One("with it", 0), One("new", 1))).Should().Equal("with it", "new");

    [Fact]
    public void Take_WhatCameBackWithAnOlderMoment_IsTold()
    {
        Tell(Look(One("old", -1))).Should().BeEmpty();

        Tell(Look(One("old", -1), One("answered", -1))).Should().Equal("answered");

        Tell(Look(One("old", -1), One("answered", -1))).Should().BeEmpty("it was told");
    }

    [Fact]
    public void Take_WhatWasGoneInBetween_IsToldAgain()
    {
        Tell(Look(One("one", 1))).Should().Equal("one");
        Tell(Look()).Should().BeEmpty();

        Tell(Look(One("one", 1))).Should().Equal("one");
    }

    [Fact]
    public void Take_WhatAPartOfTheListDoesNotShow_IsNotForgotten()
    {
        Tell(Look(One("one", 1))).Should().Equal("one");
        Tell(Part(One("two", 2))).Should().Equal("two");

        Tell(Look(One("one", 1), One("two", 2), One("old", -1))).Should().BeEmpty("the part says nothing of what was not in it");
    }

    [Fact]
    public void Take_WhatCouldNotBeTold_IsToldLater()
    {
        Tell(Look()).Should().BeEmpty();
        _memory.Take(Look(One("answered", -1))).Should().ContainSingle();

        Tell(Look(One("answered", -1))).Should().Equal("answered");
    }

    private static ChannelLook Look(params ChannelNews[] news) => new(news, IsComplete: true);

    private static ChannelLook Part(params ChannelNews[] news) => new(news, IsComplete: false);

    private static ChannelNews One(string key, int seconds) => new(key, "handoff", key, key, Begin.AddSeconds(seconds));

    private List<string> Tell(ChannelLook look)
    {
        var news = _memory.Take(look);
        foreach (var one in news)
        {
            _memory.Note(one);
        }

        return [.. news.Select(static one => one.Key)];
    }
}
