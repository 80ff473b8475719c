using LoopOrchestrator.Core.Alarms;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IIncidentStore))]
public abstract class IncidentStoreContract : StorageContract
{
    private static readonly IncidentKind[] All = Enum.GetValues<IncidentKind>();

    private static readonly NoticeTarget Both = new(0) { On = ["skips", "recovered"], Webhook = new Uri("https://example.org/both") };

    private static readonly NoticeTarget Ends = new(1) { On = ["recovered"], Command = ["tell", "ends"] };

    private static readonly NoticeTarget Others = new(2) { On = ["escalation", "recovered"], Command = ["tell", "others"] };

    private protected IncidentStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IIncidentStore Incidents => Storage.Incidents;

    [Fact]
    public async Task Reconcile_ASignThatStays_IsOneIncidentWhoseRepeatsAreCounted()
    {
        (await SeeAsync(0, Skips(3))).Should().ContainSingle().Which.Count.Should().Be(3);

        (await SeeAsync(1, Skips(3))).Should().BeEmpty();
        (await SeeAsync(2, Skips(5))).Should().BeEmpty("a repeat is counted, and not told");

        var open = (await Incidents.OpenAsync(Token)).Should().ContainSingle().Which;
        (open.Count, open.Since, open.LastAt).Should().Be((5, Start, Start.AddMinutes(2)));
        (await DueAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Reconcile_ALevelThatSinksAndRises_CountsWhatIsNewOnly()
    {
        await SeeAsync(0, Skips(4));
        await SeeAsync(1, Skips(1));
        await SeeAsync(2, Skips(2));

        (await Incidents.OpenAsync(Token)).Should().ContainSingle().Which.Count.Should().Be(5);
    }

    [Fact]
    public async Task Reconcile_ASignThatIsGone_EndsItOnceAndTheNextIsAnIncidentOfItsOwn()
    {
        await SeeAsync(0, Skips(3));

        (await SeeAsync(5)).Should().ContainSingle().Which.EndedAt.Should().Be(Start.AddMinutes(5));
        (await SeeAsync(6)).Should().BeEmpty();
        (await Incidents.OpenAsync(Token)).Should().BeEmpty();

        await SeeAsync(7, Skips(3));
        (await Incidents.ListAsync(10, Token)).Select(static incident => incident.Id).Should().HaveCount(2).And.BeInDescendingOrder();
    }

    [Fact]
    public async Task Reconcile_KindsThatWereNotLookedAt_StayAsTheyAre()
    {
        await SeeAsync(0, Skips(3));

        await Incidents.ReconcileAsync([], [IncidentKind.DeadScheduler], [Both], Start.AddMinutes(1), Token);

        (await Incidents.OpenAsync(Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Deliveries_OfBeginAndEnd_AreForThoseWhoHearOfThem()
    {
        await SeeAsync(0, Skips(3));
        (await DueAsync()).Select(static due => (due.Delivery.Event, due.Delivery.Target)).Should().Equal(("begun", Both.Key));

        await SeeAsync(1);
        (await DueAsync())
            .Select(static due => (due.Delivery.Event, due.Delivery.Target))
            .Should()
            .BeEquivalentTo(
                [("begun", Both.Key), ("recovered", Both.Key), ("recovered", Ends.Key)],
                "who hears of escalations only is not told that something else has ended"
            );
    }

    [Fact]
    public async Task Deliveries_TwoEntriesWithOneAddress_AreOneReceiver()
    {
        await Incidents.ReconcileAsync([Skips(3)], All, [Both, Both with { Number = 7 }], Start, Token);

        (await DueAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Deliveries_OneAddressWithTwoSecrets_AreTwoReceivers()
    {
        var signed = Both with { Number = 7, SecretVariable = "LOOP_NOTICE_SECRET" };
        await Incidents.ReconcileAsync([Skips(3)], All, [Both, signed], Start, Token);

        (await DueAsync()).Select(static due => due.Delivery.Target).Should().BeEquivalentTo(Both.Key, signed.Key);
        signed.Key.Should().NotBe((signed with { SecretVariable = "ANOTHER" }).Key);
    }

    [Fact]
    public async Task Due_AnEndWhoseBeginIsTriedLater_ComesBehindIt()
    {
        await SeeAsync(0, Skips(3));
        await Incidents.RecordAsync((await DueAsync())[0].Delivery, Start, "nobody answers", Start.AddHours(1), Token);
        await SeeAsync(1);

        (await EventsAsync(Start.AddMinutes(59)))
            .Should()
            .Equal([("recovered", Ends.Key)], "who hears of ends only waits for nothing, and who does not know of the begin does");
        (await EventsAsync(Start.AddHours(1)))
            .Should()
            .BeEquivalentTo([("begun", Both.Key), ("recovered", Both.Key), ("recovered", Ends.Key)])
            .And.StartWith(("begun", Both.Key));

        var begun = (await Incidents.DueAsync(Start.AddHours(1), Token))[0].Delivery;
        await Incidents.RecordAsync(begun, Start.AddHours(1), "nobody answers", nextAt: null, Token);
        (await EventsAsync(Start.AddHours(1))).Should().Contain(("recovered", Both.Key), "a begin that was given up is waited for no more");
    }

    [Fact]
    public async Task ForgetOthers_WhatIsDueToAnEntryThatIsGone_IsTakenAwayAndNothingElse()
    {
        await SeeAsync(0, Skips(3));
        await Incidents.RecordAsync((await DueAsync())[0].Delivery, Start, error: null, nextAt: null, Token);
        await SeeAsync(1);
        (await Incidents.CountPendingAsync([Both, Ends], Token)).Should().Be(2);

        await Incidents.ForgetOthersAsync([Ends], Token);

        (await EventsAsync(Start.AddDays(1))).Should().Equal(("recovered", Ends.Key));
        (await Incidents.CountPendingAsync([Both], Token)).Should().Be(0);
        (await Incidents.UndeliveredAsync([Both], Start, Token)).Should().BeEmpty();
        await Incidents.ForgetOthersAsync([], Token);
        (await DueAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Pending_GivenUp_IsNotCounted()
    {
        await SeeAsync(0, Skips(3));
        await Incidents.RecordAsync((await DueAsync())[0].Delivery, Start, "nobody answers", nextAt: null, Token);

        (await Incidents.CountPendingAsync([Both], Token)).Should().Be(0);
        (await Incidents.UndeliveredAsync([Both], Start, Token)).Should().ContainSingle("it is told all the same");
    }

    [Fact]
    public async Task Record_AFailedTryThenASuccess_IsDueAgainAndThenDone()
    {
        await SeeAsync(0, Skips(3));
        var first = (await DueAsync())[0].Delivery;

        await Incidents.RecordAsync(first, Start, "nobody answers", Start.AddHours(1), Token);
        (await Incidents.DueAsync(Start.AddMinutes(59), Token)).Should().BeEmpty();
        var again = (await Incidents.DueAsync(Start.AddHours(1), Token)).Should().ContainSingle().Which.Delivery;
        (again.Tries, again.Error, again.Id).Should().Be((1, "nobody answers", first.Id));
        (await Incidents.UndeliveredAsync([Both], Start, Token)).Should().ContainSingle();

        await Incidents.RecordAsync(again, Start.AddHours(1), error: null, nextAt: null, Token);
        (await DueAsync()).Should().BeEmpty();
        (await Incidents.UndeliveredAsync([Both], Start.AddHours(1), Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Undelivered_GivenUp_IsToldForADayBehindTheEnd()
    {
        await SeeAsync(0, Skips(3));
        await Incidents.RecordAsync((await DueAsync())[0].Delivery, Start, "nobody answers", nextAt: null, Token);

        (await Incidents.UndeliveredAsync([Both], Start.AddDays(9), Token)).Should().ContainSingle("it goes on, and nobody knows");
        await Incidents.ReconcileAsync([], All, [], Start.AddDays(9), Token);

        (await Incidents.UndeliveredAsync([Both], Start.AddDays(9.5), Token)).Should().ContainSingle();
        (await Incidents.UndeliveredAsync([Both], Start.AddDays(10.1), Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Hold_WithTheSameReason_IsSaidOnceAndStaysDue()
    {
        await SeeAsync(0, Skips(3));

        (await Incidents.HoldAsync((await DueAsync())[0].Delivery, "not trusted", Token)).Should().BeTrue();
        var held = (await DueAsync())[0].Delivery;
        (await Incidents.HoldAsync(held, "not trusted", Token)).Should().BeFalse();
        (held.Tries, held.Error).Should().Be((0, "not trusted"));
    }

    [Fact]
    public async Task Reconcile_FromTwoProcesses_IsOneIncident()
    {
        var other = OpenAnother();

        await Task.WhenAll(
            Incidents.ReconcileAsync([Skips(3)], All, [Both], Start, Token),
            other.Incidents.ReconcileAsync([Skips(3)], All, [Both], Start, Token)
        );

        (await Incidents.ListAsync(10, Token)).Should().ContainSingle().Which.Count.Should().Be(3);
        (await DueAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Remove_OldOnes_KeepsWhatGoesOnAndWhatIsStillToBeTold()
    {
        await SeeAsync(0, Skips(3));
        await SeeAsync(1);
        (await Storage.Retention.RemoveIncidentsAsync(Start.AddDays(1), Token)).Should().Be(0, "somebody is still to be told");

        foreach (var due in await DueAsync())
        {
            await Incidents.RecordAsync(due.Delivery, Start, error: null, nextAt: null, Token);
        }

        await SeeAsync(2, Skips(3));
        (await Storage.Retention.RemoveIncidentsAsync(Start, Token)).Should().Be(0, "none has ended before");
        (await Storage.Retention.RemoveIncidentsAsync(Start.AddDays(1), Token)).Should().Be(1);
        (await Incidents.ListAsync(10, Token)).Should().ContainSingle().Which.EndedAt.Should().BeNull();
    }

    private static IncidentSign Skips(long level) => new(IncidentKind.Skips, "schedule 's'", "it is left out", level);

    private Task<IReadOnlyList<Incident>> SeeAsync(int minute, params IncidentSign[] signs) =>
        Incidents.ReconcileAsync(signs, All, [Both, Ends, Others], Start.AddMinutes(minute), Token);

    private async Task<IReadOnlyList<(string, string)>> EventsAsync(DateTimeOffset now) =>
        [.. (await Incidents.DueAsync(now, Token)).Select(static due => (due.Delivery.Event, due.Delivery.Target))];

    private Task<IReadOnlyList<DueDelivery>> DueAsync() => Incidents.DueAsync(Start.AddDays(1), Token);
}
