using LoopOrchestrator.Core.Acknowledgements;

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
}
