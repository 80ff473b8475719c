using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class RequestGateTests
{
    [Theory]
    [InlineData("localhost:8080", 200)]
    [InlineData("LOCALHOST", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("127.8.8.8", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("192.168.1.5:8080", 400)]
    [InlineData("localhost.evil.example", 400)]
    [InlineData("evil.example", 400)]
    [InlineData("localhost:65535", 200)]
    [InlineData("localhost:65536", 400)]
    [InlineData("localhost:99999", 400)]
    [InlineData("localhost:0", 400)]
    [InlineData("", 400)]
    public async Task Host_OnLoopback_MustBeALoopbackName(string host, int expected) =>
        (await StatusAsync("127.0.0.1", withToken: false, host, origin: null, "Bearer " + Token)).Should().Be(expected);

    [Theory]
    [InlineData("192.168.1.5:8080", 200)]
    [InlineData("[fd00::5]:8080", 200)]
    [InlineData("evil.example", 400)]
    public async Task Host_WithAToken_MayBeAnyAddress(string host, int expected) =>
        (await StatusAsync("0.0.0.0", withToken: true, host, origin: null, "Bearer " + Token)).Should().Be(expected);

    [Theory]
    [InlineData("loop.example.org", "loop.example.org", true)]
    [InlineData("loop.example.org", "LOOP.example.org:8080", true)]
    [InlineData("loop.example.org:8443", "loop.example.org:8443", true)]
    [InlineData("loop.example.org:8443", "loop.example.org:8444", false)]
    [InlineData("loop.example.org:8443", "loop.example.org", false)]
    [InlineData("loop.example.org:443", "loop.example.org", true)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "evilexample.org", false)]
    [InlineData("*.example.org", ".example.org", false)]
    [InlineData("loop.example.org", "loop.example.org.evil.example", false)]
    [InlineData("loop.example.org", "evil.loop.example.org", false)]
    public async Task Host_ThatTheUserAdded_IsAnsweredWithATokenOnly(string allowed, string host, bool expected)
    {
        Allow(allowed);

        (await StatusAsync("127.0.0.1", withToken: true, host, origin: null, "Bearer " + Token)).Should().Be(expected ? 200 : 400);
        (await StatusAsync("127.0.0.1", withToken: true, host, origin: null, authorization: null)).Should().Be(expected ? 401 : 400);
        (await StatusAsync("127.0.0.1", withToken: false, host, origin: null, "Bearer " + Token)).Should().Be(400);
    }

    [Theory]
    [InlineData("https://loop.example.org", 200)]
    [InlineData("https://loop.example.org.evil.example", 403)]
    [InlineData("https://other.example.org", 403)]
    public async Task Origin_OfAHostThatTheUserAdded_IsAllowedBehindAProxyThatEndsTls(string origin, int expected)
    {
        Allow("loop.example.org");

        (await StatusAsync("127.0.0.1", withToken: true, "loop.example.org", origin, "Bearer " + Token)).Should().Be(expected);
    }

    [Theory]
    [InlineData("evil.example:8080", "'evil.example:8080'", "--allowed-hosts evil.example:8080")]
    [InlineData("a\u001b[2J", "'a\\u001b[2J'", "allowedHosts")]
    public void Refuse_ForeignHost_NamesItAndAllowedHosts(string host, string name, string option) =>
        KnownHosts.Refuse(new HostString(host)).Should().Contain(name).And.Contain(option).And.NotContain("\u001b");

    [Fact]
    public async Task Host_WithAToken_MayBeTheMachinesName() =>
        (await StatusAsync("0.0.0.0", withToken: true, Environment.MachineName, origin: null, "Bearer " + Token)).Should().Be(200);

    [Theory]
    [InlineData("http://localhost:3000", 200)]
    [InlineData("https://127.0.0.1", 200)]
    [InlineData("http://[::1]:3000", 200)]
    [InlineData("http://localhost.evil.example", 403)]
    [InlineData("http://evil.example", 403)]
    [InlineData("vscode-webview://localhost", 403)]
    [InlineData("null", 403)]
    [InlineData("", 403)]
    public async Task Origin_OnLoopback_MustBeLoopback(string origin, int expected) =>
        (await StatusAsync("127.0.0.1", withToken: false, "localhost:8080", origin, authorization: null)).Should().Be(expected);

    [Fact]
    public async Task Origin_OfTheServersOwnPages_IsAllowed() =>
        (await StatusAsync("0.0.0.0", withToken: true, "192.168.1.5:8080", "http://192.168.1.5:8080", "Bearer " + Token)).Should().Be(200);

    [Theory]
    [InlineData(null, 401)]
    [InlineData("", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer 0123456789abcde", 401)]
    [InlineData("Basic 0123456789abcdef", 401)]
    [InlineData("Bearer 0123456789abcdef", 200)]
    [InlineData("bearer 0123456789abcdef", 200)]
    public async Task Token_GivenOrNot_MustMatch(string? authorization, int expected) =>
        (await StatusAsync("127.0.0.1", withToken: true, "localhost", origin: null, authorization)).Should().Be(expected);

    [Theory]
    [InlineData("GET", "/.well-known/oauth-protected-resource", 404)]
    [InlineData("GET", "/.well-known/oauth-protected-resource/mcp", 404)]
    [InlineData("GET", "/.well-known/oauth-authorization-server", 404)]
    [InlineData("GET", "/.well-known/openid-configuration", 404)]
    [InlineData("POST", "/register", 404)]
    [InlineData("GET", "/register", 401)]
    [InlineData("GET", "/.well-knownish", 401)]
    [InlineData("POST", "/mcp", 401)]
    public async Task Discovery_OfAnOAuthThatIsNotThere_IsNotFoundWithoutAToken(string method, string path, int expected) =>
        (await StatusAsync("127.0.0.1", withToken: true, "localhost", origin: null, authorization: null, method, path))
            .Should()
            .Be(expected);

    private const string Token = "0123456789abcdef";

    private List<AllowedHost> Allowed { get; } = [];

    private void Allow(string host) => Allowed.Add(AllowedHost.Parse(host, out _)!);

    private async Task<int> StatusAsync(
        string bound,
        bool withToken,
        string host,
        string? origin,
        string? authorization,
        string method = "POST",
        string path = "/mcp"
    )
    {
        using var folder = new TemporaryWorkspace();
        var tokens = withToken
            ? new TokenFile(folder.Write("token", Token), Path.Combine(folder.Root, "workspace"), static _ => { }, TimeProvider.System)
            : null;
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        context.Request.Method = method;
        context.Request.Path = path;
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        using var rates = new RequestRates(perMinute: null);
        using var open = new OpenRequests(TimeProvider.System);
        await new RequestGate(new KnownHosts(bound, Allowed), tokens, rates, open).InvokeAsync(context, _ => Task.CompletedTask);
        (context.Response.Headers.WWWAuthenticate.Count > 0).Should().Be(context.Response.StatusCode == 401);
        return context.Response.StatusCode;
    }
}
