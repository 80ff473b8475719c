using System.Net;
using System.Net.Http.Headers;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Telemetry;

public sealed class MetricsDoorTests : IDisposable
{
    private const string Token = "correct-horse-battery";

    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryWorkspace _outside = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _workspace.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task Metrics_AsTheConfigurationSays_AreThereBehindTheTokenAndTellOfTheLoop()
    {
        _workspace.Write("mcp_startup.json", """{ "telemetry": { "prometheus": true } }""");
        _workspace.Write(
            "schedules.json",
            """{"schedules":[{"id":"s","name":"s","mode":"code","taskInstructions":"Look","timeInterval":10,"timeUnit":"minute"}]}"""
        );
        var tokens = _outside.Write("token", Token + "\n");
        _outside.Permit("token", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root, "--token-file", tokens);
        var address = new Uri(server.Address!, "/metrics");

        (await _http.GetAsync(address, Cancellation)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var text = await Eventually.FindAsync("the schedule has fired", async () =>
        {
            using var response = await _http.GetAsync(address, Cancellation);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
            var answer = await response.Content.ReadAsStringAsync(Cancellation);
            return
                answer.Contains("loop_occurrences_total{loop_outcome=\"started\"} 1\n", StringComparison.Ordinal)
                && answer.Contains("\nloop_queue_length 1\n", StringComparison.Ordinal)
                ? answer
                : null;
        });

        text.Should().Contain("\nloop_scheduler_alive 1\n").And.Contain("\nloop_ledger_gaps 0\n");
        text.Should()
            .Contain("\nloop_occurrence_lateness_seconds_count 1\n")
            .And.MatchRegex("loop_storage_write_duration_seconds_count [1-9]")
            .And.MatchRegex("loop_storage_write_duration_seconds_bucket\\{le=\"86400\"\\} [1-9]");
    }

    [Fact]
    public async Task Metrics_ByDefault_AreNotThere()
    {
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);

        (await _http.GetAsync(new Uri(server.Address!, "/metrics"), Cancellation)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }
}
