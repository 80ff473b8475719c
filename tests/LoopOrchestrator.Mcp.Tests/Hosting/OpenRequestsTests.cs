using LoopOrchestrator.Mcp.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class OpenRequestsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly OpenRequests _open;

    public OpenRequestsTests() => _open = new OpenRequests(_time);

    public void Dispose() => _open.Dispose();

    [Fact]
    public async Task Request_WhoseTokenCountsNoMore_IsEndedAndTheOthersGoOn()
    {
        var (revoked, other) = (new Lifetime(), new Lifetime());
        var counts = true;
        var end = new TaskCompletionSource();
        var requests = Task.WhenAll(ServeAsync(revoked, () => counts, end.Task), ServeAsync(other, static () => true, end.Task));
        _time.Advance(OpenRequests.Interval);
        revoked.Aborts.Should().Be(0);

        counts = false;
        _time.Advance(OpenRequests.Interval);
        _time.Advance(OpenRequests.Interval);

        revoked.Aborts.Should().Be(1);
        other.Aborts.Should().Be(0);
        end.SetResult();
        await requests;
    }

    [Fact]
    public async Task Request_ThatHasEnded_IsLeftAlone()
    {
        var ended = new Lifetime();
        await ServeAsync(ended, static () => false, Task.CompletedTask);

        _time.Advance(OpenRequests.Interval);

        ended.Aborts.Should().Be(0, "its context may be another request's by now");
    }

    [Fact]
    public async Task Request_WhoseTokenCannotBeJudged_IsEndedAndNothingElse()
    {
        var (odd, other) = (new Lifetime(), new Lifetime());
        var end = new TaskCompletionSource();
        var requests = Task.WhenAll(
            ServeAsync(odd, static () => throw new InvalidOperationException(), end.Task),
            ServeAsync(other, static () => throw new IOException(), end.Task)
        );

        _time.Advance(OpenRequests.Interval);

        (odd.Aborts, other.Aborts).Should().Be((1, 0));
        end.SetResult();
        await requests;
    }

    [Fact]
    public async Task Context_ThatIsAnothersMeanwhile_IsLeftAlone()
    {
        var lifetime = new Lifetime();
        var context = Context(lifetime);
        var end = new TaskCompletionSource();
        Task? next = null;
        var first = _open.ServeAsync(
            context,
            () =>
            {
                next ??= _open.ServeAsync(context, static () => true, _ => end.Task);
                return false;
            },
            _ => end.Task
        );

        _time.Advance(OpenRequests.Interval);

        lifetime.Aborts.Should().Be(0);
        end.SetResult();
        await Task.WhenAll(first, next!);
    }

    private Task ServeAsync(Lifetime lifetime, Func<bool> mayStay, Task end) => _open.ServeAsync(Context(lifetime), mayStay, _ => end);

    private static DefaultHttpContext Context(Lifetime lifetime)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return context;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public int Aborts { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborts++;
    }
}
