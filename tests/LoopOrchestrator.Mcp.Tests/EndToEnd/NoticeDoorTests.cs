using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Notices of incidents by the program itself, to a receiver on a real port.</summary>
public sealed class NoticeDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Server_KilledBetweenIncidentAndDelivery_TheNextOneDeliversOnce()
    {
        using var listener = NoticeReceiver.Listen();
        _workspace.Limits["failuresToEscalate"] = 1;
        _workspace.AddCommand("bad", "exit", "3");
        _workspace.More["notices"] = new JsonArray(
            new JsonObject
            {
                ["on"] = new JsonArray("escalation", "recovered"),
                ["webhook"] = NoticeReceiver.AddressOf(listener).AbsoluteUri,
            }
        );
        _workspace.WriteConfiguration("bad");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("s"));
        var first = _workspace.StartStdio("--trust-workspace");

        // Whoever connects has entered the incident, and is about to deliver; nothing of it is taken.
        using (await listener.AcceptTcpClientAsync(Token).AsTask().WaitAsync(ServerProcess.HangGuard, Token))
        {
            first.Kill();
            await first.WaitForExitAsync();
        }

        var between = (await _workspace.CommandAsync("status")).Output;
        between.Should().Contain("escalation, ").And.Contain("begun: about to be delivered to");
        using var receiver = new NoticeReceiver(listener);
        var (second, client) = await _workspace.ServeAsync();
        (await receiver.Came.WaitAsync(ServerProcess.HangGuard, Token)).Should().BeTrue("the next server delivers what is due");
        await Eventually.FindAsync("that it is recorded", async () =>
            (await client.CallAsync("get_status")).GetProperty("undelivered_notices").GetArrayLength() == 0 ? "recorded" : null
        );

        // Nor does anybody who looks, and may deliver, after that one was killed too.
        second.Kill();
        await second.WaitForExitAsync();
        (await _workspace.CommandAsync("trust")).ExitCode.Should().Be(0);
        (await _workspace.CommandAsync("watchdog", "--tell")).Output.Should().Contain("needs attention");

        var request = receiver.Requests.Should().ContainSingle().Subject;
        using var told = JsonDocument.Parse(request.Body);
        told.RootElement.Text("event").Should().Be("begun");
        told.RootElement.Text("kind").Should().Be("escalation");
        told.RootElement.Text("workspace").Should().Be(_workspace.Root);
        request.Headers["X-Loop-Delivery"].Should().Be(told.RootElement.Text("delivery_id"));
    }
}
