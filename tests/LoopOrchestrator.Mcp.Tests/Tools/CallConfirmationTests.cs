using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// What ends or takes back work is asked about where the client can ask, in both eras, and done as it stands where it cannot.
/// </summary>
public sealed class CallConfirmationTests : IAsyncDisposable
{
    private const string Schedules = ".roo/schedules.json";
    private readonly TemporaryWorkspace _workspace = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
    private PipedServer? _server;

    private McpClient Client => _server!.Client;

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Delete_WithAPersonWhoAgrees_IsDone(string era)
    {
        ElicitRequestParams? shown = null;
        await ConnectAsync(era, (form, _) =>
        {
            shown = form;
            return ValueTask.FromResult(new ElicitResult { Action = "accept" });
        });

        await Client.CallAsync("delete_schedule", ("schedule_id", "one"));

        shown!.Message.Should().Contain("Remove the schedule one (The first)");
        _workspace.Read(Schedules).Should().NotContain("The first");
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize, "decline")]
    [InlineData(ProtocolEra.Stateless, "decline")]
    [InlineData(ProtocolEra.Stateless, "cancel")]
    public async Task Delete_WithAPersonWhoDoesNotAgree_IsDoneOnlyWithItsArgument(string era, string action)
    {
        var asked = 0;
        await ConnectAsync(era, (_, _) =>
        {
            asked++;
            return ValueTask.FromResult(new ElicitResult { Action = action });
        });

        (await Client.RefusalAsync("delete_schedule", ("schedule_id", "one")))
            .Should()
            .Contain("delete_schedule did nothing")
            .And.Contain($"({action})")
            .And.Contain("confirm: true");
        _workspace.Read(Schedules).Should().Contain("The first");

        await Client.CallAsync("delete_schedule", ("schedule_id", "one"), ("confirm", true));
        asked.Should().Be(1);
        _workspace.Read(Schedules).Should().NotContain("The first");
    }

    [Fact]
    public async Task Delete_WithAClientThatNeverAnswers_EndsByItself()
    {
        var asked = new TaskCompletionSource();
        await ConnectAsync(ProtocolEra.Initialize, async (_, token) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new ElicitResult { Action = "accept" };
        });
        var refusing = Client.RefusalAsync("delete_schedule", ("schedule_id", "one"));
        await asked.Task.WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);

        _time.Advance(PersonForm.Limit);

        (await refusing).Should().Contain("no answer within 5 minutes").And.Contain("confirm: true");
        _workspace.Read(Schedules).Should().Contain("The first");
    }

    [Fact]
    public async Task Delete_WithAClientThatCannotAsk_IsDoneAsItStands()
    {
        await ConnectAsync(ProtocolEra.Initialize, person: null);

        await Client.CallAsync("delete_schedule", ("schedule_id", "one"));

        _workspace.Read(Schedules).Should().NotContain("The first");
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Delete_WithAClientThatOnlyLeadsToAddresses_IsDoneAsItStands(string era)
    {
        await ConnectAsync(
            era,
            person: null,
            capabilities: new ClientCapabilities { Elicitation = new ElicitationCapability { Url = new UrlElicitationCapability() } }
        );

        await Client.CallAsync("delete_schedule", ("schedule_id", "one"));

        _workspace.Read(Schedules).Should().NotContain("The first");
    }

    [Fact]
    public async Task Question_WithANameThatSteersATerminal_ShowsItAsText()
    {
        ElicitRequestParams? shown = null;
        await ConnectAsync(
            ProtocolEra.Stateless,
            (form, _) =>
            {
                shown = form;
                return ValueTask.FromResult(new ElicitResult { Action = "decline" });
            },
            name: "The \\u001b[2J\\u202efirst"
        );

        await Client.RefusalAsync("delete_schedule", ("schedule_id", "one"));

        shown!.Message.Should().Contain("\\u001b[2J\\u202efirst").And.NotContainAny("\u001b", "\u202e");
    }

    private async Task ConnectAsync(
        string era,
        Func<ElicitRequestParams?, CancellationToken, ValueTask<ElicitResult>>? person,
        string name = "The first",
        ClientCapabilities? capabilities = null
    )
    {
        _workspace.Write(
            Schedules,
            $$"""{ "schedules": [ { "id": "one", "name": "{{name}}", "mode": "code", "taskInstructions": "x", "scheduleType": "time", "timeInterval": "6", "timeUnit": "hour", "active": false } ] }"""
        );
        _server = await PipedServer.StartAsync(
            _workspace.Root,
            _time,
            new CommandLineValues { Toolsets = "all" },
            new McpClientOptions
            {
                ProtocolVersion = era,
                Capabilities = capabilities,
                Handlers = new McpClientHandlers { ElicitationHandler = person },
            }
        );
    }
}
