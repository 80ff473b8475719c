using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Load;

/// <summary>
/// A server that is sent thousands of messages that nearly are some answers the next good one, does not fail, and does not grow. Its log
/// shows no trace of a failure of its own.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Batch = 100;
    private const long MaxGrowth = 64L * 1024 * 1024;
    private const int AtOnce = 8;
    private const string Trace = "   at ";

    private readonly TemporaryWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    public Task Stdio_SomeFuzzedMessages_AnswersTheNextGoodOne(string era) => FuzzStdioAsync(era, 300, Seeds.Daily);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public Task Stdio_ThousandsOfFuzzedMessages_AnswersTheNextGoodOneAndDoesNotGrow(string era) =>
        FuzzStdioAsync(era, 10_000, Seeds.Draw());

    [Fact]
    public Task Http_SomeFuzzedMessages_AnswersTheNextGoodOne() => FuzzHttpAsync(300, Seeds.Daily);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Http_ThousandsOfFuzzedMessages_AnswersTheNextGoodOneAndDoesNotGrow() => FuzzHttpAsync(10_000, Seeds.Draw());

    private async Task FuzzStdioAsync(string era, int count, int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        var fuzzer = new MessageFuzzer(seed, era);
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        if (era == ProtocolEra.Initialize)
        {
            await wire.SendAsync(Initialize("good-0"));
            await FindAsync(wire, "good-0", seed);
        }

        var before = 0L;
        for (var sent = 0; sent < count; sent += Batch)
        {
            // Whoever writes without reading waits for itself.
            var writing = Task.Run(
                async () =>
                {
                    for (var index = 0; index < Batch; index++)
                    {
                        await server.Input.WriteAsync(fuzzer.Next().Bytes, Cancellation);
                        await server.Input.WriteAsync("\n"u8.ToArray(), Cancellation);
                    }

                    await server.Input.WriteAsync(
                        Encoding.UTF8.GetBytes(Good(era, $"good-{sent + 1}").ToJsonString() + "\n"),
                        Cancellation
                    );
                    await server.Input.FlushAsync(Cancellation);
                },
                Cancellation
            );
            var answer = await FindAsync(wire, $"good-{sent + 1}", seed);
            answer["result"]!["structuredContent"].Should().NotBeNull($"seed {seed}, message {sent}");
            await writing.WaitAsync(ServerProcess.HangGuard, Cancellation);
            before = sent <= count / 10 ? LinuxProcesses.MemoryOf(server.Id) : before;
        }

        Look(server, before, seed);
    }

    private async Task FuzzHttpAsync(int count, int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);
        using var http = new HttpClient { Timeout = ServerProcess.HangGuard };
        var address = new Uri(server.Address!, "/mcp");
        var session = "";
        using (var begun = await http.SendAsync(Request(address, Encoding.UTF8.GetBytes(Initialize("good").ToJsonString())), Cancellation))
        {
            session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        }

        MessageFuzzer[] fuzzers = [new(seed, ProtocolEra.Initialize), new(seed, ProtocolEra.Stateless)];
        var statuses = new SortedDictionary<int, int>();
        var before = 0L;
        for (var sent = 0; sent < count; sent += Batch)
        {
            var messages = Enumerable
                .Range(0, Batch)
                .Select(index => (Stateless: index % 2 == 1, Message: fuzzers[index % 2].Next()))
                .ToList();
            await Parallel.ForEachAsync(
                messages,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
                async (one, cancellationToken) =>
                {
                    using var request = Request(address, one.Message.Bytes);
                    AddHeaders(request, one.Stateless, one.Message, session);
                    using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                    lock (statuses)
                    {
                        statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
                    }

                    // A stream that the message has opened is left; any other answer has an end.
                    if (one.Message.Method != "subscriptions/listen")
                    {
                        await answer.Content.ReadAsByteArrayAsync(cancellationToken).WaitAsync(ServerProcess.HangGuard, cancellationToken);
                    }
                }
            );
            using var good = Request(address, Encoding.UTF8.GetBytes(Good(ProtocolEra.Stateless, "good").ToJsonString()));
            AddHeaders(good, isStateless: true, new FuzzedMessage([], "tools/call", "get_status"), session);
            using var answered = await http.SendAsync(good, Cancellation);
            (await answered.Content.ReadAsStringAsync(Cancellation)).Should().Contain("structuredContent", $"seed {seed}, message {sent}");
            before = sent <= count / 10 ? LinuxProcesses.MemoryOf(server.Id) : before;
        }

        output.WriteLine(string.Join(", ", statuses.Select(static status => $"{status.Value} × {status.Key}")));
        Look(server, before, seed);
        statuses.Keys.Should().OnlyContain(static status => status < 500, $"seed {seed}: no message makes the server fail");
    }

    private void Look(ServerProcess server, long before, int seed)
    {
        var growth = LinuxProcesses.MemoryOf(server.Id) - before;
        output.WriteLine($"seed {seed}: grew by {growth / 1024:N0} KiB, to {(before + growth) / 1024:N0} KiB");
        server.HasExited.Should().BeFalse();
        growth.Should().BeLessThan(MaxGrowth, $"seed {seed}");
        var trace = server.ErrorText.Split('\n').SkipWhile(static line => !line.Contains(Trace, StringComparison.Ordinal)).Take(20);
        string.Join('\n', trace).Should().BeEmpty($"seed {seed}: a mistake of the caller's is no failure of the server's");
    }

    private static async Task<JsonObject> FindAsync(WireClient wire, string id, int seed)
    {
        while (true)
        {
            var message = await wire.ReceiveAsync() ?? throw new InvalidOperationException($"The server has ended (seed {seed}).");
            if (message["id"] is JsonValue value && value.TryGetValue(out string? text) && text == id)
            {
                return message;
            }
        }
    }

    private static JsonObject Initialize(string id) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = "initialize",
            ["params"] = new JsonObject
            {
                ["protocolVersion"] = ProtocolEra.Initialize,
                ["capabilities"] = new JsonObject(),
                ["clientInfo"] = new JsonObject { ["name"] = "fuzz", ["version"] = "1" },
            },
        };

    private static JsonObject Good(string era, string id)
    {
        var call = WireClient.StatelessRequest(
            1,
            "tools/call",
            new JsonObject { ["name"] = "get_status", ["arguments"] = new JsonObject() }
        );
        call["id"] = id;
        if (era == ProtocolEra.Initialize)
        {
            call["params"]!.AsObject().Remove("_meta");
        }

        return call;
    }

    private static HttpRequestMessage Request(Uri address, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Accept", "application/json, text/event-stream");
        return request;
    }

    private static void AddHeaders(HttpRequestMessage request, bool isStateless, FuzzedMessage message, string session)
    {
        request.Headers.Add("MCP-Protocol-Version", isStateless ? ProtocolEra.Stateless : ProtocolEra.Initialize);
        if (!isStateless)
        {
            request.Headers.Add("Mcp-Session-Id", session);
            return;
        }

        request.Headers.Add("Mcp-Method", message.Method);
        if (message.Name is { } name)
        {
            request.Headers.Add("Mcp-Name", name);
        }
    }
}
