using System.Net;
using System.Text;
using LoopOrchestrator.Mcp.Tests.Hosting;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Load;

/// <summary>Clients over HTTP that come and go without a word, or with one, leave nothing behind in the server's memory.</summary>
public sealed class SessionLoadTests(ITestOutputHelper output) : IDisposable
{
    private const long MaxGrowth = 32L * 1024 * 1024;
    private const int AtOnce = 8;

    private readonly TemporaryWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public Task Sessions_SomeOpenedAndDropped_LeaveTheServerAsItWas() => OpenAndDropAsync(100);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Sessions_ThousandsOpenedAndDropped_LeaveTheServerAsItWas() => OpenAndDropAsync(10_000);

    private async Task OpenAndDropAsync(int count)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);
        using var http = new HttpClient { Timeout = ServerProcess.HangGuard };

        // First as many that end in order that the runtime has taken what it keeps for itself.
        await OpenAsync(http, server, count / 10, allSayGoodBye: true);
        var before = LinuxProcesses.MemoryOf(server.Id);

        await OpenAsync(http, server, count, allSayGoodBye: false);

        var growth = LinuxProcesses.MemoryOf(server.Id) - before;
        output.WriteLine($"{count} sessions: grew by {growth / 1024:N0} KiB, to {(before + growth) / 1024:N0} KiB");
        growth.Should().BeLessThan(MaxGrowth);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Initialize, token: null, Cancellation);
        (await client.PingStatusAsync()).IsError.Should().NotBeTrue();
    }

    // Of each three, one says good-bye, one does nothing more, and one asks for something before it does nothing more.
    private static Task OpenAsync(HttpClient http, ServerProcess server, int count, bool allSayGoodBye) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (index, cancellationToken) =>
            {
                var address = new Uri(server.Address!, "/mcp");
                using var begin = Post(
                    address,
                    """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"l","version":"1"}}}"""
                );
                using var begun = await http.SendAsync(begin, cancellationToken);
                begun.StatusCode.Should().Be(HttpStatusCode.OK);
                var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
                if (allSayGoodBye || index % 3 == 0)
                {
                    using var end = new HttpRequestMessage(HttpMethod.Delete, address);
                    end.Headers.Add("Mcp-Session-Id", session);
                    using var ended = await http.SendAsync(end, cancellationToken);
                    ended.IsSuccessStatusCode.Should().BeTrue();
                }
                else if (index % 3 == 1)
                {
                    using var ask = Post(address, """{"jsonrpc":"2.0","id":2,"method":"ping"}""");
                    ask.Headers.Add("Mcp-Session-Id", session);
                    using var asked = await http.SendAsync(ask, cancellationToken);
                    asked.StatusCode.Should().Be(HttpStatusCode.OK);
                }
            }
        );

    private static HttpRequestMessage Post(Uri address, string message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        return request;
    }
}
