using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Mcp.Health;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Tests.Audit;

public sealed class AuditLogTests : IAsyncLifetime
{
    private readonly TemporaryWorkspace _workspace = new();
    private readonly AuditLog _log;

    public AuditLogTests()
    {
        StateFolder.Ensure(_workspace.Paths);
        _log = new AuditLog(_workspace.Paths, TimeProvider.System, NullLogger<AuditLog>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _log.StartAsync(Cancellation);

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        _workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Add_TextsThatSteerATerminalOrEndALine_AreWrittenAsEscapesInOneLine()
    {
        _log.Add(Entry("\u001b[2J\nall is well\u2028\u202e\u0085"));

        var line = (await LinesAsync()).Should().ContainSingle().Subject;

        line.Should().NotContain("\u001b").And.NotContain("\u2028").And.NotContain("\u202e").And.NotContain("\u0085");
        ((string)JsonNode.Parse(line)!["what"]!).Should().StartWith("\u001b[2J\nall is well");
    }

    [Fact]
    public async Task AddRefusal_OfAFlood_KeepsSomeAndCountsTheRest()
    {
        for (var i = 0; i < 5_000; i++)
        {
            _log.AddRefusal("unknown", tokenId: null, "10.0.0.1", "POST /mcp", 401);
        }

        _log.Add(Entry("get_status"));

        var lines = (await LinesAsync()).Select(static line => JsonNode.Parse(line)!).ToList();
        lines.Should().HaveCountLessThan(200);
        lines.Sum(static line => (long?)line["left_out"] ?? 0).Should().Be(5_001 - lines.Count);
        ((string)lines[^1]["what"]!).Should().Be("get_status");
    }

    [Fact]
    public async Task Add_WhereNothingCanBeWritten_HoldsNobodyUpAndIsToldByReadiness()
    {
        var readiness = new AuditReadiness(_log);
        Directory.Delete(_workspace.Paths.State, recursive: true);

        _log.Add(Entry("run_mode"));

        await Eventually.TrueAsync("the trouble is told", () => _log.Problem is not null);
        (await readiness.FindProblemAsync(Cancellation)).Should().Contain("the audit log cannot be written").And.Contain(".loop");
        StateFolder.Ensure(_workspace.Paths);
        _log.Add(Entry("get_status"));
        var line = JsonNode.Parse((await LinesAsync()).Single())!;
        ((string)line["what"]!, (long)line["left_out"]!).Should().Be(("get_status", 1));
        (await readiness.FindProblemAsync(Cancellation)).Should().BeNull();
    }

    [Fact]
    public async Task Problem_OfALinkThatLeadsOut_ShowsNoPlaceOutside()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        using var outside = new TemporaryWorkspace();
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Paths.State, "logs"), outside.Root);

        _log.Add(Entry("run_mode"));

        await Eventually.TrueAsync("the trouble is told", () => _log.Problem is not null);
        (await new AuditReadiness(_log).FindProblemAsync(Cancellation))
            .Should()
            .Contain(".loop/logs/audit.jsonl")
            .And.Contain("is a link")
            .And.NotContain(outside.Root)
            .And.NotContain(_workspace.Root);
        AuditLog.Of(_workspace.Paths).FindProblem().Should().Be(".loop/logs is a link");
    }

    private static AuditEntry Entry(string what) =>
        new(DateTimeOffset.UnixEpoch, "ann", "1", Address: null, what, Ids: null, "ok", Status: null, Milliseconds: 1);

    private async Task<string[]> LinesAsync()
    {
        await _log.StopAsync(Cancellation);
        return _workspace.Read(".loop/logs/audit.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
