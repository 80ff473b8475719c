using System.Security.Claims;
using System.Text;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>
/// Which sessions are begun again that a server does not know. That a client goes on after a restart is in <c>SessionDoorTests</c>.
/// </summary>
public sealed class SessionIdsTests
{
    private static readonly byte[] Key = new byte[32];

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("0", "2024-11-05", false)]
    [InlineData("3e", "2025-11-25", true)]
    public async Task Id_OfAnotherServer_SaysWithWhatItsSessionBegan(string flags, string revision, bool asks)
    {
        var given = Ids().Write("abc", flags, user: null);
        _time.Advance(TimeSpan.FromDays(6));

        var (id, begun) = await AskAsync(Ids(), given);

        id.Should().Be("abc");
        begun!.ProtocolVersion.Should().Be(revision);
        (begun.Capabilities.Elicitation is not null).Should().Be(asks);
    }

    [Theory]
    [InlineData("{}", "3e")]
    [InlineData("""{"form":{}}""", "3e")]
    [InlineData("""{"form":{},"url":{}}""", "3e")]
    [InlineData("""{"url":{}}""", "3")]
    [InlineData("null", "3")]
    public async Task Id_OfASessionThatBegins_SaysWhetherItsClientShowsForms(string elicitation, string flags)
    {
        var context = new DefaultHttpContext();
        var starting = new Starting();
        context.Features.Set<IHttpResponseFeature>(starting);
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = "/mcp";
        context.Request.Body = new MemoryStream(
            Encoding.UTF8.GetBytes(
                $$"""{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{{elicitation}} } } }"""
            )
        );

        await Ids()
            .InvokeAsync(context, static passed =>
            {
                passed.Response.Headers["Mcp-Session-Id"] = "abc";
                return Task.CompletedTask;
            });
        await starting.Begin!();

        context.Response.Headers["Mcp-Session-Id"].ToString().Split('.')[..2].Should().Equal("abc", flags);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("abc.3.0.0123456789abcdef0123456789abcdef")]
    [InlineData("...")]
    [InlineData("not an id at all")]
    public async Task Id_ThatWeDidNotWrite_IsNotFound(string given)
    {
        var (id, begun) = await AskAsync(Ids(), given);

        id.Should().NotBe("abc");
        begun.Should().BeNull();
    }

    [Fact]
    public async Task Id_ChangedInAnyPlaceOrOfAnotherKeyOrTooOld_IsNotFound()
    {
        var given = Ids().Write("abc", "3", user: null);
        for (var place = 0; place < given.Length; place++)
        {
            var changed = given[..place] + (given[place] == 'a' ? 'b' : 'a') + given[(place + 1)..];
            Assert.Null((await AskAsync(Ids(), changed)).Begun);
        }

        (await AskAsync(new SessionIds(() => [1, .. Key[1..]], _time), given)).Begun.Should().BeNull();
        (await AskAsync(Ids(), given)).Begun.Should().NotBeNull();
        _time.Advance(SessionIds.Lifetime + TimeSpan.FromSeconds(1));
        (await AskAsync(Ids(), given)).Begun.Should().BeNull();
    }

    [Fact]
    public async Task Id_GivenToTheHolderOfAToken_IsNobodyElses()
    {
        var (owner, other) = (Grant("one"), Grant("two"));
        var given = Ids().Write("abc", "3", owner.User);

        (await AskAsync(Ids(), given, user: owner.User)).Begun.Should().NotBeNull();
        (await AskAsync(Ids(), given, user: other.User)).Begun.Should().BeNull();
        (await AskAsync(Ids(), given)).Begun.Should().BeNull();

        static AccessGrant Grant(string id) => new(id, "name", AccessScope.Run, expires: null);
    }

    [Fact]
    public async Task Session_ThatItsClientEnded_StaysEnded()
    {
        var ids = Ids();
        var given = ids.Write("abc", "3", user: null);
        (await AskAsync(ids, given)).Begun.Should().NotBeNull();

        await AskAsync(ids, given, HttpMethods.Delete);

        (await AskAsync(ids, given)).Begun.Should().BeNull();
    }

    [Fact]
    public async Task Session_IdleForTooLong_IsClosedUnlessItsClientHoldsARun()
    {
        var holder = RunCaller.OfSession("holder").Owner!;
        var sessions = new HttpSessions(
            most: 10,
            _ => Task.FromResult<IReadOnlySet<string>?>(new HashSet<string>(StringComparer.Ordinal) { holder }),
            _time
        );
        foreach (var id in (string[])["holder", "idle", "used"])
        {
            sessions.Begin(id, new ClaimsPrincipal());
        }

        var closed = new List<string>();
        _time.Advance(HttpSessions.MaxIdle - TimeSpan.FromMinutes(1));
        await UseAsync();
        closed.Should().BeEmpty();
        _time.Advance(TimeSpan.FromMinutes(2));
        await UseAsync();

        closed.Should().Equal("idle");

        Task UseAsync() => sessions.InvokeAsync(Request("used", HttpMethods.Post), context =>
            {
                if (HttpMethods.IsDelete(context.Request.Method))
                {
                    closed.Add(context.Request.Headers["Mcp-Session-Id"]!);
                }

                return Task.CompletedTask;
            });
    }

    private SessionIds Ids() => new(static () => Key, _time);

    private static DefaultHttpContext Request(string session, string method)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = "/mcp";
        context.Request.Headers["Mcp-Session-Id"] = session;
        return context;
    }

    private static async Task<(string Id, InitializeRequestParams? Begun)> AskAsync(
        SessionIds ids,
        string given,
        string? method = null,
        ClaimsPrincipal? user = null
    )
    {
        var context = Request(given, method ?? HttpMethods.Post);
        context.User = user ?? context.User;
        InitializeRequestParams? begun = null;
        await ids.InvokeAsync(context, async inner =>
        {
            begun = await ids.AllowSessionMigrationAsync(
                inner,
                inner.Request.Headers["Mcp-Session-Id"]!,
                TestContext.Current.CancellationToken
            );
        });
        return (context.Request.Headers["Mcp-Session-Id"]!, begun);
    }

    private sealed class Starting : HttpResponseFeature
    {
        public Func<Task>? Begin { get; private set; }

        public override void OnStarting(Func<object, Task> callback, object state) => Begin = () => callback(state);
    }
}
