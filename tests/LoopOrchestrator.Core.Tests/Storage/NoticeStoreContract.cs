using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(INoticeStore))]
public abstract class NoticeStoreContract : StorageContract
{
    private protected NoticeStoreContract(IStorageBackend backend)
        : base(backend) { }

    private INoticeStore Notices => Storage.Notices;

    [Fact]
    public async Task Due_AfterAFailedTry_IsDueAgainAtItsMoment()
    {
        var notice = await DueAsync();

        await Notices.RecordDeliveryAsync(notice, Start, "nobody answers", Start.AddHours(1), Token);

        (await Notices.DueAsync(Start.AddMinutes(59), Token)).Should().BeEmpty();
        var again = (await Notices.DueAsync(Start.AddHours(1), Token)).Should().ContainSingle().Which.Notice;
        (again.Tries, again.Error).Should().Be((1, "nobody answers"));
    }

    [Fact]
    public async Task Settle_OfOneThatWasTaken_IsDelivered()
    {
        var notice = await DueAsync();

        await Notices.RecordDeliveryAsync(notice, Start.AddMinutes(2), error: null, nextAt: null, Token);

        (await Notices.DueAsync(Start.AddDays(1), Token)).Should().BeEmpty();
        (await Notices.OpenAsync(Token)).Should().ContainSingle().Which.DeliveredAt.Should().Be(Start.AddMinutes(2));
    }

    [Fact]
    public async Task Hold_WithTheSameReason_IsSaidOnceAndStaysDue()
    {
        var notice = await DueAsync();

        (await Notices.HoldAsync(notice, "not trusted", Token)).Should().BeTrue();
        var held = (await Notices.DueAsync(Start.AddHours(1), Token))[0].Notice;
        (await Notices.HoldAsync(held, "not trusted", Token)).Should().BeFalse();
        held.Tries.Should().Be(0);
    }

    private async Task<Notice> DueAsync()
    {
        var limits = new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 };
        await EndedAsync(Queued("run-bad"), Failed(), Policy(limits, "webhook"));
        return (await Notices.DueAsync(Start.AddHours(1), Token)).Should().ContainSingle().Which.Notice;
    }
}
