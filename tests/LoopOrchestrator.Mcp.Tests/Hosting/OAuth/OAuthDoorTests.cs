using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.Hosting.OAuth;

/// <summary>The program with an issuer, as its clients see it.</summary>
public sealed class OAuthDoorTests : IAsyncLifetime
{
    private const string AuditFile = ".loop/logs/audit.jsonl";
    private readonly IssuerHere _issuer = new();
    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryWorkspace _outside = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _issuer.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _http.Dispose();
        _workspace.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task Server_WithAnIssuer_TellsWhereTokensAreAndLetsItsSubjectsIn()
    {
        var own = await new UserTokens(Path.Combine(_outside.Root, "tokens.json"), TimeProvider.System).CreateAsync(
            "own",
            AccessScope.Admin,
            expires: null,
            Cancellation
        );
        await using var server = await ServerProcess.StartHttpAsync(
            _workspace.Root,
            "--token-file",
            Path.Combine(_outside.Root, "tokens.json"),
            "--oauth-issuer",
            _issuer.Issuer,
            "--oauth-audience",
            IssuerHere.Audience
        );
        _http.BaseAddress = server.Address;

        await ChallengesAsync();
        foreach (var era in (string[])[ProtocolEra.Initialize, ProtocolEra.Stateless])
        {
            await using var reading = await server.ConnectHttpAsync(era, Token("loop:read"), Cancellation);
            await using var working = await server.ConnectHttpAsync(era, Token("loop:run"), Cancellation);
            await using var owning = await server.ConnectHttpAsync(era, own.Token, Cancellation);

            (await NamesAsync(reading)).Should().Contain("get_status").And.NotContain("log_timing");
            (await NamesAsync(working)).Should().Contain("log_timing").And.NotContain("save_schedule");
            (await NamesAsync(owning)).Should().Contain("save_schedule");
            (await working.PingStatusAsync()).IsError.Should().NotBeTrue();
        }

        await StepUpAsync();
        await RefusesTasksAsync();
        await KeepsSessionsToSubjectsAsync();
        await Eventually.TrueAsync("the audit log names the subject", () =>
            File.Exists(Path.Combine(_workspace.Root, AuditFile))
            && _workspace.Read(AuditFile).Contains("\"who\":\"oauth:ann\"", StringComparison.Ordinal)
        );
        _workspace.Read(AuditFile).Should().NotContain("eyJ", "a token is no text for a log");
    }

    private async Task ChallengesAsync()
    {
        foreach (var path in (string[])["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"])
        {
            var metadata = await _http.GetFromJsonAsync<JsonObject>(path, Cancellation);
            ((string?)metadata!["resource"]).Should().Be(IssuerHere.Audience);
            metadata["authorization_servers"]!.AsArray().Select(static one => (string?)one).Should().Equal(_issuer.Issuer);
            metadata["scopes_supported"]!
                .AsArray()
                .Select(static one => (string?)one)
                .Should()
                .Equal("loop:read", "loop:run", "loop:admin");
        }

        (await StatusAsync("/.well-known/oauth-authorization-server", token: null)).Status.Should().Be(HttpStatusCode.NotFound);
        var (status, challenge) = await StatusAsync("/", token: null);
        status.Should().Be(HttpStatusCode.Unauthorized);
        challenge
            .Should()
            .Be(
                "Bearer realm=\"loop-orchestrator\", scope=\"loop:read loop:run\", "
                    + "resource_metadata=\"https://loop.example.org/.well-known/oauth-protected-resource/mcp\""
            );
        (status, challenge) = await StatusAsync("/", _issuer.Token(static claims => claims["aud"] = "other"));
        status.Should().Be(HttpStatusCode.Unauthorized);
        challenge.Should().Contain("error=\"invalid_token\"").And.Contain("error_description=\"The access token is not for this server");
        (status, challenge) = await StatusAsync("/", Token("openid"));
        status.Should().Be(HttpStatusCode.Forbidden);
        challenge.Should().Contain("error=\"insufficient_scope\"");
        (await StatusAsync("/", Token("loop:read"))).Status.Should().Be(HttpStatusCode.OK);
    }

    // A call beyond the scope of its token is answered so that a client asks its person for more.
    private async Task StepUpAsync()
    {
        using var answer = await PostAsync(
            Token("loop:read"),
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_schedule","arguments":{}}}"""
        );

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        answer
            .Headers.WwwAuthenticate.ToString()
            .Should()
            .Contain("error=\"insufficient_scope\"")
            .And.Contain("scope=\"loop:read loop:run loop:admin\"");
    }

    // What a task is asked for is no call of a tool, and needs the same.
    private async Task RefusesTasksAsync()
    {
        foreach (var method in (string[])["tasks/cancel", "tasks/update"])
        {
            using var request = Message(
                Token("loop:read"),
                $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{"taskId":"run-none","_meta":{"io.modelcontextprotocol/protocolVersion":"{{ProtocolEra.Stateless}}","io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{} } } } } }"""
            );
            request.Headers.Add("MCP-Protocol-Version", ProtocolEra.Stateless);
            request.Headers.Add("Mcp-Method", method);
            request.Headers.Add("Mcp-Name", "run-none");
            using var answer = await _http.SendAsync(request, Cancellation);

            (await answer.Content.ReadAsStringAsync(Cancellation))
                .Should()
                .Contain($"{method} needs a token with the scope loop:run, and oauth:ann has loop:read.");
            await Eventually.TrueAsync("the audit log tells of it", () =>
                File.Exists(Path.Combine(_workspace.Root, AuditFile))
                && _workspace
                    .Read(AuditFile)
                    .Split('\n')
                    .Any(line =>
                        line.Contains($"\"what\":\"{method}\"", StringComparison.Ordinal)
                        && line.Contains("\"outcome\":\"refused\"", StringComparison.Ordinal)
                        && line.Contains("oauth:ann", StringComparison.Ordinal)
                    )
            );
        }
    }

    private async Task KeepsSessionsToSubjectsAsync()
    {
        using var begun = await PostAsync(
            Token("loop:read"),
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"""
        );
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";
        using var same = await PostAsync(Token("loop:run"), List, session);
        using var other = await PostAsync(_issuer.Token(static claims => claims["sub"] = "bob"), List, session);

        same.StatusCode.Should().Be(HttpStatusCode.OK, "another token of the same subject goes on with its session");
        other.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private string Token(string scope) => _issuer.Token(claims => claims["scope"] = scope);

    private static async Task<IEnumerable<string>> NamesAsync(McpClient client) =>
        (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(static tool => tool.Name);

    private async Task<(HttpStatusCode Status, string Challenge)> StatusAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, Cancellation);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }

    private async Task<HttpResponseMessage> PostAsync(string token, string message, string? session = null)
    {
        using var request = Message(token, message);
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
            request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        }

        return await _http.SendAsync(request, Cancellation);
    }

    private static HttpRequestMessage Message(string token, string message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Content = new StringContent(message, new MediaTypeHeaderValue("application/json"));
        return request;
    }
}
