using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using LoopOrchestrator.Mcp.Tests.Hosting;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Load;

/// <summary>
/// A client that does nothing wrong is served beside clients that send their heads and bodies byte by byte, and beside others whose
/// bodies are many times larger than a message may be.
/// </summary>
public sealed class SlowClientTests(ITestOutputHelper output) : IDisposable
{
    private const int Megabyte = 1024 * 1024;
    private const int SecondsAway = 5;

    // What eight bodies of 30 MB, the most that is read of each, may take while they come.
    private const long MaxPeak = 512L * Megabyte;
    private const string Head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private readonly TemporaryWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public Task Client_BesideSomeSlowAndLargeOnes_IsServed() => ServeBesideAsync(slow: 20, slowHeads: 2, large: 1, megabytes: 32, calls: 3);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Client_BesideAThousandSlowAndManyLargeOnes_IsServed() =>
        ServeBesideAsync(slow: 1_000, slowHeads: 1, large: 8, megabytes: 200, calls: 100);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public async Task Stdio_LinesOf200Megabytes_LeaveMemoryAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        await using var client = await server.ConnectStdioAsync(ProtocolEra.Stateless, Cancellation);
        await client.PingStatusAsync();
        LinuxProcesses.ForgetMostMemoryOf(server.Id);
        var before = LinuxProcesses.MemoryOf(server.Id);
        var part = Encoding.UTF8.GetBytes(new string('x', Megabyte));
        for (var line = 0; line < 3; line++)
        {
            for (var index = 0; index < 200; index++)
            {
                await server.Input.WriteAsync(part, Cancellation);
            }

            await server.Input.WriteAsync("\n"u8.ToArray(), Cancellation);
        }

        (await client.PingStatusAsync()).IsError.Should().NotBeTrue();
        var peak = LinuxProcesses.PeakMemoryOf(server.Id) - before;
        output.WriteLine($"peak {peak / 1024:N0} KiB above");
        peak.Should().BeLessThan(128L * Megabyte, "30 MB of a line are kept at the most");
    }

    // Each so-many-th of the slow ones never ends its head, the others never their body.
    private async Task ServeBesideAsync(int slow, int slowHeads, int large, int megabytes, int calls)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Cancellation);
        await client.PingStatusAsync();
        LinuxProcesses.ForgetMostMemoryOf(server.Id);
        var before = LinuxProcesses.MemoryOf(server.Id);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var dripping = Enumerable
            .Range(0, slow)
            .Select(index => DripAsync(server, index, index % slowHeads == slowHeads - 1, ending.Token))
            .ToList();
        var flooding = Enumerable.Range(0, large).Select(index => FloodAsync(server, megabytes, index % 2 == 0)).ToList();
        for (var call = 0; call < calls; call++)
        {
            (await client.PingStatusAsync()).IsError.Should().NotBeTrue();

            // And one that comes only now.
            await using var newcomer = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Cancellation);
            (await newcomer.PingStatusAsync()).IsError.Should().NotBeTrue();
        }

        var answers = await Task.WhenAll(flooding).WaitAsync(ServerProcess.HangGuard, Cancellation);
        await ending.CancelAsync();
        await Task.WhenAll(dripping).WaitAsync(ServerProcess.HangGuard, Cancellation);
        var peak = LinuxProcesses.PeakMemoryOf(server.Id) - before;
        output.WriteLine($"peak {peak / 1024:N0} KiB above; large bodies: {string.Join(", ", answers)}");
        answers.Should().OnlyContain(static answer => answer == HttpStatusCode.RequestEntityTooLarge || answer == null);
        peak.Should().BeLessThan(MaxPeak);
        server.ErrorText.Should().NotContain("   at ");
    }

    // A byte a second, until the test has enough; whoever is thrown out comes again within some seconds.
    private static async Task DripAsync(ServerProcess server, int index, bool headOnly, CancellationToken ending)
    {
        var rest = headOnly ? "X-Slow: " : "Content-Length: 1000000\r\n\r\n{";
        TcpClient? socket = null;
        var tick = index;
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                var mayCome = tick == index || tick % SecondsAway == 0;
                tick++;
                try
                {
                    if (socket is null && mayCome)
                    {
                        socket = new TcpClient();
                        await socket.ConnectAsync(server.Address!.Host, server.Address.Port, ending);
                        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head + rest), ending);
                    }
                    else if (socket is not null)
                    {
                        await socket.GetStream().WriteAsync("x"u8.ToArray(), ending);
                    }
                }
                catch (Exception exception) when (exception is IOException or SocketException)
                {
                    socket?.Dispose();
                    socket = null;
                }
            } while (await pace.WaitForNextTickAsync(ending));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        finally
        {
            socket?.Dispose();
        }
    }

    // What the server says of a body that is too large; nothing where it has closed the connection while the client still sent.
    private static async Task<HttpStatusCode?> FloodAsync(ServerProcess server, int megabytes, bool isChunked)
    {
        using var http = new HttpClient { Timeout = ServerProcess.HangGuard };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new LargeBody(megabytes, isChunked),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await http.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private sealed class LargeBody(int megabytes, bool isChunked) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var part = new byte[Megabyte];
            Array.Fill(part, (byte)'x');
            part[0] = (byte)'"';
            for (var index = 0; index < megabytes; index++)
            {
                await stream.WriteAsync(part);
                part[0] = (byte)'x';
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)megabytes * Megabyte;
            return !isChunked;
        }
    }
}
