using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Telemetry;

public sealed class OtlpDoorTests(CollectorHere collector) : IClassFixture<CollectorHere>, IDisposable
{
    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    private readonly TemporaryWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Telemetry_WithACollector_SendsTracesAndMetricsOfTheLoop()
    {
        Write(collector.Address);
        await using var server = await ServerProcess.StartHttpAsync(
            new ServerStart(_workspace.Root, "--mode", "http", "--port", "0", "--trust-workspace")
            {
                Environment = Quick,
            }
        );

        var traces = await Eventually.FindAsync("a trace has come", () => Task.FromResult(collector.Find("/v1/traces", "run code")));
        traces.Should().Contain("loop.run.id").And.Contain("loop-orchestrator").And.Contain("succeeded");
        traces.Should().NotContain(_workspace.Root, "where the folder lies is nobody's business");
        await Eventually.FindAsync(
            "what stands has come",
            () => Task.FromResult(collector.Find("/v1/metrics", "loop.scheduler.alive"))
        );
    }

    [Fact]
    public async Task Telemetry_OfAWorkspaceThatNobodyTrusts_IsSentNowhereAndItsLibraryIsNotLoaded()
    {
        Write(collector.Address);
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);

        // The library of a program that was compiled natively is a part of it; there this says nothing.
        var maps = await File.ReadAllTextAsync($"/proc/{server.Id}/maps", Cancellation);

        maps.Should().NotContain("OpenTelemetry");
        server.ErrorText.Should().NotContain("Traces and metrics are sent");
    }

    [Fact]
    public async Task Telemetry_ToACollectorThatRefusesAgainAndAgain_SaysSoOnce()
    {
        Write(collector.Refusing);
        await using var server = await ServerProcess.StartHttpAsync(
            new ServerStart(_workspace.Root, "--mode", "http", "--port", "0", "--trust-workspace")
            {
                Environment = Quick,
            }
        );

        await Eventually.TrueAsync("it was tried again", () => collector.Count("/refused/v1/metrics") > 3);

        const string told = "could not be sent to telemetry.otlpEndpoint: it answered 403";
        await Eventually.TrueAsync("it is told", () => server.ErrorText.Contains(told, StringComparison.Ordinal));
        server.ErrorText.Split(told).Should().HaveCount(2, "the same trouble is told once, whatever was to be sent");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "no value")]
    public async Task Telemetry_WithAVariableThatCannotBeRead_SaysSoAndTheServerServes(string variable, string value)
    {
        Write(collector.Address);
        await using var server = await ServerProcess.StartHttpAsync(
            new ServerStart(_workspace.Root, "--mode", "http", "--port", "0", "--trust-workspace")
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = value },
            }
        );

        server.ErrorText.Should().Contain("could not be sent to telemetry.otlpEndpoint");
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(server.Address!, "/health/live"), Cancellation)).IsSuccessStatusCode.Should().BeTrue();
    }

    private void Write(Uri address)
    {
        _workspace.Write(
            "mcp_startup.json",
            $$"""
            { "telemetry": { "otlpEndpoint": "{{address}}" }, "defaultAgent": "ok",
              "agents": { "ok": { "kind": "command", "command": ["true"] } } }
            """
        );
        _workspace.Write(
            "schedules.json",
            """{"schedules":[{"id":"s","name":"s","mode":"code","taskInstructions":"Look","timeInterval":10,"timeUnit":"minute"}]}"""
        );
    }
}
