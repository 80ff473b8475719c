using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IAcknowledgementStore))]
public abstract class AcknowledgementStoreContract : StorageContract
{
    private protected AcknowledgementStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IAcknowledgementStore Seen => Storage.Acknowledgements;

    [Fact]
    public async Task Acknowledge_SeveralSubjects_AreKnownToEveryProcess()
    {
        await Seen.AcknowledgeAsync("done schedule:a", Start, Start, Token);
        await Seen.AcknowledgeAsync("failed run:b", Start.AddMinutes(1), Start.AddMinutes(1), Token);

        (await OpenAnother().Acknowledgements.ListAsync(Token))
            .Should()
            .Equal(
                new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal)
                {
                    ["done schedule:a"] = Start,
                    ["failed run:b"] = Start.AddMinutes(1),
                }
            );
    }

    [Fact]
    public async Task Acknowledge_OnceMore_NeverGoesBack()
    {
        await Seen.AcknowledgeAsync("done schedule:a", Start.AddMinutes(5), Start.AddMinutes(5), Token);
        await Seen.AcknowledgeAsync("done schedule:a", Start, Start.AddMinutes(6), Token);
        (await Seen.ListAsync(Token))["done schedule:a"].Should().Be(Start.AddMinutes(5));

        await Seen.AcknowledgeAsync("done schedule:a", Start.AddMinutes(9), Start.AddMinutes(9), Token);
        (await Seen.ListAsync(Token))["done schedule:a"].Should().Be(Start.AddMinutes(9));
    }

    [Fact]
    public async Task Acknowledge_LongAfterwards_ForgetsWhatNobodyAsksForAnyMore()
    {
        await Seen.AcknowledgeAsync("failed run:old", Start, Start, Token);
        var later = Start + AcknowledgementSubject.Kept + TimeSpan.FromMinutes(1);

        await Seen.AcknowledgeAsync("failed run:new", later, later, Token);

        (await Seen.ListAsync(Token)).Keys.Should().Equal("failed run:new");
    }

    [Fact]
    public async Task UnseenDone_RunsOfASchedule_AreOneWithTheirNumberAndTheLatest()
    {
        foreach (var minute in Enumerable.Range(1, 150))
        {
            await EndedAsync(Queued($"run-{minute:000}", "often"), Succeeded() with { EndedAt = Start.AddMinutes(minute) });
        }

        await EndedAsync(Queued("run-hand"), Succeeded() with { EndedAt = Start.AddMinutes(3) });
        await EndedAsync(Queued("run-below", parent: "run-hand"), Succeeded());
        await EndedAsync(Queued("run-bad", "often"), Failed());

        (await Done(Start))
            .Should()
            .Equal(
                ("done schedule:often", 150, Start.AddMinutes(1), "run-150"),
                ("done run:run-hand", 1, Start.AddMinutes(3), "run-hand")
            );
        (await Done(Start.AddMinutes(140))).Should().Equal(("done schedule:often", 10, Start.AddMinutes(141), "run-150"));
    }

    [Fact]
    public async Task UnseenDone_WhatWasSeen_IsLeftOutUpToThatMoment()
    {
        await EndedAsync(Queued("run-a", "s"), Succeeded() with { EndedAt = Start.AddMinutes(5) });
        await EndedAsync(Queued("run-b", "s"), Succeeded() with { EndedAt = Start.AddMinutes(9) });
        await EndedAsync(Queued("run-c"), Succeeded() with { EndedAt = Start.AddMinutes(7) });

        await SeeAsync("done schedule:s", 5);
        (await Done(Start)).Select(static one => (one.Subject, one.Count)).Should().Equal(("done run:run-c", 1), ("done schedule:s", 1));

        await SeeAsync(AcknowledgementSubject.AllDone, 7);
        (await Done(Start)).Select(static one => one.Latest).Should().Equal("run-b");

        await SeeAsync("failed schedule:s", 20);
        (await Done(Start)).Should().ContainSingle("another kind of end was seen");
    }

    [Fact]
    public async Task UnseenFailed_WhatIsToldOtherwiseOrWorksAgain_IsLeftOut()
    {
        await EndedAsync(Queued("run-a", "broken"), Failed());
        await EndedAsync(Queued("run-b", "broken"), Failed() with { EndedAt = Start.AddMinutes(2) });
        await EndedAsync(Queued("run-c", "works-again"), Failed());
        await EndedAsync(Queued("run-d", "works-again"), Succeeded() with { EndedAt = Start.AddMinutes(2) });
        await EndedAsync(Queued("run-e", "escalated"), Failed() with { Escalates = true });
        await EndedAsync(Queued("run-f", parent: "run-a"), Failed());
        await EndedAsync(Queued("run-g", "held"), Failed() with { Failure = RunFailure.SignIn, AgentDigest = "digest" });

        (await Of(Seen.UnseenFailedAsync(Start, Token))).Should().Equal(("failed schedule:broken", 2, Start.AddMinutes(1), "run-b"));

        await SeeAsync("failed schedule:broken", 2);
        (await Of(Seen.UnseenFailedAsync(Start, Token))).Should().BeEmpty();
    }

    private Task SeeAsync(string subject, int minutes) =>
        Seen.AcknowledgeAsync(subject, Start.AddMinutes(minutes), Start.AddMinutes(minutes), Token);

    private async Task<IEnumerable<(string Subject, int Count, DateTimeOffset First, string Latest)>> Done(DateTimeOffset since) =>
        await Of(Seen.UnseenDoneAsync(since, Token));

    private static async Task<IEnumerable<(string Subject, int Count, DateTimeOffset First, string Latest)>> Of(
        Task<IReadOnlyList<UnseenRuns>> unseen
    ) => (await unseen).Select(static one => (one.Subject, one.Count, one.FirstEndedAt, one.Latest.Id));
}
