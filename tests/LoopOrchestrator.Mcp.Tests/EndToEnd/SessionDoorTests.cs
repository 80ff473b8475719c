using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Clients that do not begin a new session when their server was started again, as many do not.</summary>
public sealed class SessionDoorTests : IAsyncLifetime
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private readonly LoopWorkspace _workspace = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task Session_FromBeforeARestart_GoesOnAndItsRunIsReported()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        JsonElement claimed;
        string session;
        var before = await _workspace.StartHttpAsync();
        using (var begun = await PostAsync(before, session: null, Initialize))
        {
            session = begun.Headers.GetValues("Mcp-Session-Id").Single();
            claimed = await CallAsync(before, session, "claim_run", new JsonObject { ["wait_seconds"] = 45 });
        }

        before.Terminate();
        (await before.WaitForExitAsync()).Should().Be(0);

        var after = await _workspace.StartHttpAsync();
        var reported = await CallAsync(
            after,
            session,
            "complete_run",
            new JsonObject
            {
                ["run_id"] = claimed.Text("run_id"),
                ["lease_token"] = claimed.Text("lease_token"),
                ["outcome"] = "succeeded",
                ["summary"] = "done over the restart",
            }
        );

        reported.Text("state").Should().Be("succeeded");
        using (var again = await PostAsync(after, session, """{"jsonrpc":"2.0","id":3,"method":"ping"}"""))
        {
            again.Headers.GetValues("Mcp-Session-Id").Should().Equal(session);
        }

        foreach (var unknown in (string[])["never-given", session[..^1] + (session[^1] == '0' ? '1' : '0'), session.Split('.')[0]])
        {
            using var refused = await PostAsync(after, unknown, """{"jsonrpc":"2.0","id":4,"method":"ping"}""");
            refused.StatusCode.Should().Be(HttpStatusCode.NotFound, unknown);
        }

        using var delete = new HttpRequestMessage(HttpMethod.Delete, new Uri(after.Address!, "/mcp"));
        delete.Headers.Add("Mcp-Session-Id", session);
        (await _http.SendAsync(delete, Cancellation)).Dispose();
        using var ended = await PostAsync(after, session, """{"jsonrpc":"2.0","id":5,"method":"ping"}""");
        ended.StatusCode.Should().Be(HttpStatusCode.NotFound, "its client ended it");
    }

    private async Task<JsonElement> CallAsync(ServerProcess server, string session, string tool, JsonObject arguments)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 2,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
        };
        using var answer = await PostAsync(server, session, message.ToJsonString());
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var data = (await answer.Content.ReadAsStringAsync(Cancellation))
            .Split('\n')
            .Last(static line => line.StartsWith("data: ", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(data["data: ".Length..]);
        return document.RootElement.GetProperty("result").GetProperty("structuredContent").Clone();
    }

    private async Task<HttpResponseMessage> PostAsync(ServerProcess server, string? session, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return await _http.SendAsync(request, Cancellation);
    }
}
