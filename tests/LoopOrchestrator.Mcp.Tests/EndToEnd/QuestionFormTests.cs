using System.Text.Json;
using LoopOrchestrator.Mcp.Tests.Hosting;
using LoopOrchestrator.Testing.Clients;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// A run's questions reach the person in front of a client that can ask, in both eras of the protocol and over both transports.
/// </summary>
public sealed class QuestionFormTests(HttpServer shared) : IClassFixture<HttpServer>, IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("stdio", ProtocolEra.Stateless)]
    [InlineData("stdio", ProtocolEra.Initialize)]
    [InlineData("http", ProtocolEra.Stateless)]
    [InlineData("http", ProtocolEra.Initialize)]
    public async Task AnswerRun_WithoutAnswers_HasTheClientAsk(string transport, string era)
    {
        ElicitRequestParams? shown = null;
        var client = await ConnectAsync(transport, era, form =>
        {
            shown = form;
            return new ElicitResult
            {
                Action = "accept",
                Content = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
                {
                    ["answer_1"] = Json("Blue."),
                    ["answer_2"] = Json("Two."),
                },
            };
        });
        var id = await AskingRunAsync(client);

        (await client.CallAsync("answer_run", ("run_id", id))).Text("state").Should().Be("queued");

        shown!.Message.Should().Contain(id).And.Contain("I cannot choose.");
        shown.RequestedSchema!.Properties.Values.Select(static one => one.Title).Should().Equal("Red or blue?", "How many?");
        shown.RequestedSchema.Required.Should().Equal("answer_1", "answer_2");
        (await client.CallAsync("claim_run", ("run_id", id)))
            .Text("brief")
            .Should()
            .Contain("Red or blue? Answer: Blue.")
            .And.Contain("How many? Answer: Two.");
    }

    [Fact]
    public async Task Person_WhoDeclines_LeavesTheRunWaiting()
    {
        var client = await ConnectAsync("http", ProtocolEra.Stateless, static _ => new ElicitResult { Action = "decline" });
        var id = await AskingRunAsync(client);

        (await client.RefusalAsync("answer_run", ("run_id", id))).Should().Contain("did not answer (decline)");

        (await client.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("needs_input");
    }

    [Theory]
    [InlineData(ProtocolEra.Stateless)]
    [InlineData(ProtocolEra.Initialize)]
    public async Task Client_ThatCannotAsk_IsToldTheQuestions(string era)
    {
        var client = await ConnectAsync("http", era, person: null);
        var id = await AskingRunAsync(client);

        (await client.RefusalAsync("answer_run", ("run_id", id)))
            .Should()
            .Contain("cannot ask its person")
            .And.Contain("(1) Red or blue? (2) How many?");
    }

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);

    private static async Task<string> AskingRunAsync(McpClient client)
    {
        var run = await client.CallAsync("run_mode", ("mode", "code"), ("task", "Choose."));
        var id = run.Text("run_id");
        await client.CallAsync(
            "complete_run",
            ("run_id", id),
            ("lease_token", run.Text("lease_token")),
            ("outcome", "needs_input"),
            ("summary", "I cannot choose."),
            ("questions", new[] { "Red or blue?", "How many?" })
        );
        return id;
    }

    private async Task<McpClient> ConnectAsync(string transport, string era, Func<ElicitRequestParams, ElicitResult>? person)
    {
        var token = TestContext.Current.CancellationToken;
        return _workspace.Keep(
            transport == "http"
                ? await shared.Process.ConnectHttpAsync(era, token: null, token, person)
                : await _workspace.StartStdio().ConnectStdioAsync(era, token, person)
        );
    }
}
