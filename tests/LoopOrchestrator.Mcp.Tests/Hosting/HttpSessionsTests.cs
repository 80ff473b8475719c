using System.Net;
using System.Text;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>More sessions than a server has places for, with the SDK's own sessions, over HTTP in this process.</summary>
public sealed class HttpSessionsTests : IAsyncLifetime
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private const string UserHeader = "X-User";

    private static readonly Dictionary<string, AccessGrant> Users = new(StringComparer.Ordinal)
    {
        ["ann"] = new("1", "ann", AccessScope.Admin, expires: null),
        ["bob"] = new("2", "bob", AccessScope.Admin, expires: null),
    };

    private readonly HashSet<string> _holders = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new();
    private readonly HttpSessions _sessions;
    private WebApplication? _app;
    private bool _failsToClose;
    private bool _holdersAreUnknown;

    public HttpSessionsTests() =>
        _sessions = new HttpSessions(
            most: 3,
            _ => Task.FromResult<IReadOnlySet<string>?>(_holdersAreUnknown ? null : _holders),
            TimeProvider.System
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder
            .Services.AddMcpServer()
            .WithHttpTransport(options =>
            {
                options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCPEXP002 // As in HttpHost.
                options.RunSessionHandler = async (http, server, cancellationToken) =>
                {
                    _sessions.Begin(server.SessionId!, http.User);
                    try
                    {
                        await server.RunAsync(cancellationToken);
                    }
                    finally
                    {
                        _sessions.End(server.SessionId!);
                    }
                };
#pragma warning restore MCPEXP002
            });
        _app = builder.Build();
        _app.Use(
            (context, next) =>
            {
                context.User = Users.GetValueOrDefault(context.Request.Headers[UserHeader].ToString())?.User ?? context.User;
                return next(context);
            }
        );
        _app.Use(_sessions.KeepToOwnersAsync);
        _app.Use(_sessions.InvokeAsync);
        _app.Use(
            (context, next) =>
            {
                if (!_failsToClose || !HttpMethods.IsDelete(context.Request.Method))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            }
        );
        _app.UseRouting();
        _app.MapMcp("/mcp");
        await _app.StartAsync(Token);
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
    }

    [Fact]
    public async Task OneMore_ClosesTheOneThatWasIdleTheLongest_AndNeverAHolder()
    {
        var holder = await BeginAsync();
        _holders.Add(RunCaller.OfSession(holder).Owner!);
        var (second, third) = (await BeginAsync(), await BeginAsync());
        (await PingAsync(second)).Should().Be(HttpStatusCode.OK);

        var fourth = await BeginAsync();
        (await PingAsync(third)).Should().Be(HttpStatusCode.NotFound, "it was idle the longest of those that hold nothing");
        foreach (var alive in new[] { holder, second, fourth })
        {
            (await PingAsync(alive)).Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task OneMore_WhereTheOldestCannotBeClosed_IsRefusedAndTheOldestStaysCounted()
    {
        var sessions = new[] { await BeginAsync(), await BeginAsync(), await BeginAsync() };
        _failsToClose = true;
        foreach (var _ in sessions)
        {
            using var refused = await PostAsync(Initialize, session: null);
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        }

        _failsToClose = false;
        await BeginAsync();

        (await PingAsync(sessions[0])).Should().Be(HttpStatusCode.NotFound);
        (await PingAsync(sessions[1])).Should().Be(HttpStatusCode.OK);
        (await PingAsync(sessions[2])).Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData("/MCP")]
    public async Task Address_InAnotherForm_CountsAsUse(string address)
    {
        var (first, second) = (await BeginAsync(), await BeginAsync());
        await BeginAsync();
        (await PingAsync(first, address)).Should().Be(HttpStatusCode.OK);

        await BeginAsync();

        (await PingAsync(first)).Should().Be(HttpStatusCode.OK, "it was used after the second");
        (await PingAsync(second)).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OneMore_WhereAllHoldRuns_IsRefusedAndSaysWhyUntilOneIsClosed()
    {
        var sessions = new[] { await BeginAsync(), await BeginAsync(), await BeginAsync() };
        _holders.UnionWith(sessions.Select(static session => RunCaller.OfSession(session).Owner!));

        using (var refused = await PostAsync(Initialize, session: null))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("holds a run").And.Contain("\"jsonrpc\":\"2.0\"");
        }

        foreach (var session in sessions)
        {
            (await PingAsync(session)).Should().Be(HttpStatusCode.OK);
        }

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", sessions[1] } } };
        (await _http.SendAsync(delete, Token)).Dispose();
        (await BeginAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task OneMore_WhileNobodyKnowsWhoHoldsRuns_IsRefusedAndNoneIsClosed()
    {
        var sessions = new[] { await BeginAsync(), await BeginAsync(), await BeginAsync() };
        _holdersAreUnknown = true;

        using var refused = await PostAsync(Initialize, session: null);

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        foreach (var session in sessions)
        {
            (await PingAsync(session)).Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Session_OfOneToken_IsClosedToOthersAndMakesRoomLikeAnyOther()
    {
        As("ann");
        var session = await BeginAsync();
        foreach (var other in (string[])["bob", ""])
        {
            As(other);
            (await PingAsync(session)).Should().Be(HttpStatusCode.NotFound);
            using var delete = new HttpRequestMessage(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", session } } };
            using var answer = await _http.SendAsync(delete, Token);
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        }

        As("ann");
        (await PingAsync(session)).Should().Be(HttpStatusCode.OK, "nobody else could end it");

        As("bob");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await BeginAsync();
        }

        As("ann");
        (await PingAsync(session)).Should().Be(HttpStatusCode.NotFound, "it was closed as its own client would have closed it");

        void As(string name)
        {
            _http.DefaultRequestHeaders.Remove(UserHeader);
            _http.DefaultRequestHeaders.Add(UserHeader, name);
        }
    }

    private async Task<string> BeginAsync()
    {
        using var answer = await PostAsync(Initialize, session: null);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        await answer.Content.ReadAsStringAsync(Token);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<HttpStatusCode> PingAsync(string session, string address = "/mcp")
    {
        using var answer = await PostAsync("""{"jsonrpc":"2.0","id":2,"method":"ping"}""", session, address);
        await answer.Content.ReadAsStringAsync(Token);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(string message, string? session, string address = "/mcp")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return await _http.SendAsync(request, Token);
    }
}
