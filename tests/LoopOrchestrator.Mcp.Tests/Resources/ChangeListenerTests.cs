using LoopOrchestrator.Mcp.Resources.Changes;

namespace LoopOrchestrator.Mcp.Tests.Resources;

public sealed class ChangeListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Push_ToOneThatIsGone_HurtsNobody()
    {
        var listener = new ChangeListener(static (_, _) => Task.CompletedTask);
        listener.TryAdd("a");
        listener.Dispose();

        Action push = () => listener.Push("a");

        push.Should().NotThrow("those behind it in the list would never hear of anything again");
    }

    [Fact]
    public async Task Push_ToAReaderThatIsStuck_ReturnsAndKeepsEachResourceOnce()
    {
        var (isReading, isFree) = (new TaskCompletionSource(), new TaskCompletionSource());
        var told = new List<string>();
        using var listener = new ChangeListener(
            async (uri, token) =>
            {
                isReading.TrySetResult();
                await isFree.Task.WaitAsync(token);
                told.Add(uri);
                if (told.Count == 3)
                {
                    throw new OperationCanceledException();
                }
            }
        );
        listener.TryAdd("a").Should().BeTrue();
        listener.TryAdd("b").Should().BeTrue();
        var reading = listener.RunAsync(Cancellation);
        listener.Push("a");
        await isReading.Task.WaitAsync(Cancellation);

        for (var round = 0; round < 1000; round++)
        {
            listener.Push("a");
            listener.Push("b");
            listener.Push("of nobody");
        }

        told.Should().BeEmpty("its reader is stuck, and nobody waited for it");
        isFree.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        told.Should().Equal("a", "a", "b");
    }

    [Fact]
    public void TryAdd_BeyondTheMost_IsRefused()
    {
        using var listener = new ChangeListener(static (_, _) => Task.CompletedTask);

        Enumerable.Range(0, ChangeListener.MaxResources).All(index => listener.TryAdd($"{index}")).Should().BeTrue();

        listener.TryAdd("one more").Should().BeFalse();
        listener.TryAdd("0").Should().BeTrue("it hears of that already");
        listener.Remove("0");
        listener.TryAdd("one more").Should().BeTrue();
    }
}
