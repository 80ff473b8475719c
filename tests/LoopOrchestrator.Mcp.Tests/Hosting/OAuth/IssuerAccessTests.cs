using System.Globalization;
using System.Text;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Hosting.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting.OAuth;

/// <summary>What a server with an issuer says of it, and for how long it lets in.</summary>
public sealed class IssuerAccessTests : IAsyncLifetime
{
    private readonly IssuerHere _issuer = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-05-01T10:00:00Z", CultureInfo.InvariantCulture));
    private IssuerAccess? _access;

    public async ValueTask InitializeAsync()
    {
        await _issuer.InitializeAsync();
        Use(IssuerHere.Audience);
    }

    public ValueTask DisposeAsync()
    {
        _access?.Dispose();
        return _issuer.DisposeAsync();
    }

    [Fact]
    public void MayStay_Grant_StaysUntilItsEndAndAMinute()
    {
        var now = _time.GetUtcNow();

        _access!.MayStay(Grant(expires: null)).Should().BeTrue();
        _access.MayStay(Grant(now.AddSeconds(-59))).Should().BeTrue();
        _access.MayStay(Grant(now.AddSeconds(-60))).Should().BeFalse();
        _access.MayStay(Grant(DateTimeOffset.MaxValue)).Should().BeTrue();
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource", true)]
    [InlineData("/.well-known/oauth-protected-resource/mcp", true)]
    [InlineData("/.well-known/oauth-protected-resource/my tools/mcp", true)]
    [InlineData("/.well-known/oauth-protected-resource/tools/mcp", false)]
    [InlineData("/my tools/mcp", false)]
    public void IsMetadata_OfAServerBehindAProxy_IsAtThePathOfItsAudienceToo(string path, bool expected)
    {
        Use("https://loop.example.org/my%20tools/mcp/");

        _access!.IsMetadata(Request(HttpMethods.Get, path).Request).Should().Be(expected);
    }

    [Fact]
    public async Task Token_WhileItsKeysCannotBeHad_IsToComeAgain()
    {
        _issuer.Instead = static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);
        var context = Request(HttpMethods.Post, "/mcp");
        context.Request.Headers.Authorization = "Bearer " + _issuer.Token(now: _time.GetUtcNow());
        using var rates = new RequestRates(perMinute: null);
        using var open = new OpenRequests(_time);

        await new RequestGate(new KnownHosts("127.0.0.1", []), tokens: null, rates, open, _access).InvokeAsync(context, static _ =>
            Task.CompletedTask
        );

        context.Response.StatusCode.Should().Be(503);
        context.Response.Headers.RetryAfter.ToString().Should().Be("5");
        context.Response.Headers.WWWAuthenticate.Should().BeEmpty();
    }

    [Theory]
    [InlineData("save_schedule", 403)]
    [InlineData("write_file", 200)]
    public async Task Call_BeyondTheScope_IsChallengedWhereThereIsTheTool(string tool, int expected)
    {
        var context = Request(HttpMethods.Post, "/mcp");
        context.User = Grant(expires: null).User;
        context.Request.Body = new MemoryStream(
            Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}"} }""")
        );
        var served = new HashSet<string>(StringComparer.Ordinal) { "save_schedule" };

        await new ScopeChallenge(_access!, served).InvokeAsync(context, static _ => Task.CompletedTask);

        context.Response.StatusCode.Should().Be(expected);
    }

    private void Use(string audience)
    {
        _access?.Dispose();
        _access = new IssuerAccess(
            new OAuthSettings(_issuer.Issuer, [audience], KeysAddress: null, OAuthSettings.StandardScopes),
            _time,
            NullLogger.Instance
        );
    }

    private static AccessGrant Grant(DateTimeOffset? expires) =>
        new("id", "oauth:ann", AccessScope.Read, expires, OAuthSettings.StandardScopes);

    private static DefaultHttpContext Request(string method, string path)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = path;
        return context;
    }
}
