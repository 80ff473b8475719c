using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tasks;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tests.Tools;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tasks;

/// <summary>Runs as tasks, for clients that announce the extension.</summary>
public sealed class RunTaskTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();
    private PipedServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _workspace.AddCommand("quick", "print", "done");
        _workspace.AddCommand("slow", "hang");
        _workspace.WriteConfiguration();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task RunMode_ThatIsToWait_IsATaskWithTheRunsIdAndItsAnswer()
    {
        await ServeAsync(declares: true);

        var task = await StartAsync("quick");
        ((string?)task["resultType"]).Should().Be("task");
        ((string?)task["taskId"]).Should().StartWith("run-");
        var ended = await Eventually.FindAsync("the end of the task", async () =>
            await AskAsync(RunTasks.Get, task) is var now && (string?)now["status"] == "completed" ? now : null
        );

        ((string?)ended["resultType"]).Should().Be("complete");
        ((string?)ended["result"]!["structuredContent"]!["state"]).Should().Be("succeeded");
        ((string?)ended["result"]!["structuredContent"]!["run_id"]).Should().Be((string?)task["taskId"]);
        ((string?)ended["result"]!["content"]![0]!["text"]).Should().Contain("state: succeeded");
    }

    [Fact]
    public async Task Cancel_OfATask_EndsItsRun()
    {
        await ServeAsync(declares: true);
        var task = await StartAsync("slow");
        ((string?)(await AskAsync(RunTasks.Get, task))["status"]).Should().Be("working");

        ((string?)(await AskAsync(RunTasks.Cancel, task))["resultType"]).Should().Be("complete");

        await Eventually.FindAsync("the end of the task", async () =>
            (string?)(await AskAsync(RunTasks.Get, task))["status"] == "cancelled" ? task : null
        );
        (await AskAsync(RunTasks.Cancel, task)).Should().NotBeNull("to ask again is no mistake");
    }

    [Fact]
    public async Task Task_ThatThereIsNot_IsAnInvalidParameter()
    {
        await ServeAsync(declares: true);

        var ask = async () => await AskAsync(RunTasks.Get, new JsonObject { ["taskId"] = "run-none" });

        (await ask.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode.Should().Be(McpErrorCode.InvalidParams);
    }

    [Fact]
    public async Task Client_ThatAnnouncesNothing_GetsNoTaskAndMayAskForNone()
    {
        await ServeAsync(declares: false);

        var answer = await StartAsync("slow");
        ((string?)answer["resultType"]).Should().NotBe("task");
        var id = (string?)answer["structuredContent"]!["run_id"];
        var ask = async () => await AskAsync(RunTasks.Get, new JsonObject { ["taskId"] = id });

        (await ask.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode.Should().Be(McpErrorCode.MissingRequiredClientCapability);
    }

    [Fact]
    public void Of_RunWithQuestions_AsksThemAndTakesTheirAnswers()
    {
        var run = new Run
        {
            Id = "run-1",
            Mode = "code",
            Task = "Choose.",
            Priority = RunPriority.Normal,
            State = RunState.NeedsInput,
            TimeoutSeconds = 60,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Questions = ["Red or blue?"],
            Attempt = 2,
        };

        var task = RunTask.Of(run);

        ((string?)task["status"]).Should().Be("input_required");
        var asked = task["inputRequests"]!["questions-2"]!;
        ((string?)asked["method"]).Should().Be("elicitation/create");
        ((string?)asked["params"]!["requestedSchema"]!["properties"]!["answer_1"]!["title"]).Should().Be("Red or blue?");
        RunTask.Answers(run, Response("questions-2", "accept")).Should().Equal("Blue.");
        RunTask.Answers(run, Response("questions-2", "decline")).Should().BeNull();
        RunTask.Answers(run, Response("questions-1", "accept")).Should().BeNull("it was a question of an earlier attempt");

        static JsonObject Response(string key, string action) =>
            new()
            {
                [key] = new JsonObject
                {
                    ["action"] = action,
                    ["content"] = new JsonObject { ["answer_1"] = "Blue." },
                },
            };
    }

    [Fact]
    public async Task Server_OfARunsAgent_ServesNoTasks()
    {
        await ServeAsync(declares: true, ToolsetSelection.Agent);

        (_server!.Client.ServerCapabilities.Extensions?.ContainsKey(RunTasks.Extension) ?? false).Should().BeFalse();
        var ask = async () => await AskAsync(RunTasks.Cancel, new JsonObject { ["taskId"] = "run-none" });
        (await ask.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode.Should().Be(McpErrorCode.MethodNotFound);
    }

    [Fact]
    public void Form_OfQuestionsThatSteerATerminal_ShowsThemAsText()
    {
        var form = QuestionForm.Of(
            new Run
            {
                Id = "run-1",
                Mode = "code",
                Task = "Choose \u001b[2J.",
                Priority = RunPriority.Normal,
                State = RunState.NeedsInput,
                TimeoutSeconds = 60,
                CreatedAt = DateTimeOffset.UnixEpoch,
                Summary = "First.\r\nThen \u202egnp.",
                Questions = ["Red\u001b[31m?\nOr \u202eeulb?"],
            }
        );

        form.Message.Should().Contain("\\u001b[2J").And.EndWith("First.\nThen \\u202egnp.");
        var field = (ElicitRequestParams.StringSchema)form.RequestedSchema!.Properties["answer_1"];
        field.Description.Should().Be("Red\\u001b[31m?\nOr \\u202eeulb?");
        field.Title.Should().NotContainAny("\u001b", "\u202e");
    }

    private async Task ServeAsync(bool declares, string? toolsets = null) =>
        _server = await PipedServer.StartAsync(
            _workspace.Root,
            TimeProvider.System,
            new CommandLineValues { TrustWorkspace = true, Toolsets = toolsets },
            new McpClientOptions
            {
                ProtocolVersion = ProtocolEra.Stateless,
                Capabilities = new ClientCapabilities
                {
                    Extensions = declares
                        ? new Dictionary<string, object>(StringComparer.Ordinal) { [RunTasks.Extension] = JsonElement.Parse("{}") }
                        : null,
                },
            }
        );

    private Task<JsonObject> StartAsync(string agent) =>
        SendAsync(
            "tools/call",
            new JsonObject
            {
                ["name"] = "run_mode",
                ["arguments"] = new JsonObject
                {
                    ["mode"] = "code",
                    ["task"] = "x",
                    ["agent"] = agent,
                    ["wait_seconds"] = 1,
                },
            }
        );

    private Task<JsonObject> AskAsync(string method, JsonObject task) =>
        SendAsync(method, new JsonObject { ["taskId"] = (string?)task["taskId"] });

    private async Task<JsonObject> SendAsync(string method, JsonObject parameters) =>
        (JsonObject)
            (await _server!.Client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, Cancellation)).Result!;
}
