using System.Net.Sockets;
using System.Text;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed class EventStreamTests : IAsyncDisposable
{
    private readonly PageServer _server = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PageNews News => _server.App.Services.GetRequiredService<PageNews>();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Stream_OnAChange_IsToldAndEndsWithItsReader()
    {
        await _server.StartAsync();
        using (var reader = await OpenAsync(token: null))
        {
            await Eventually.TrueAsync("it is open", () => News.Readers == 1);
            _server.Files.Write("schedules.json", """{ "schedules": [] }""");

            (await LineAsync(reader, "event: ")).Should().Be("event: changed");
        }

        await Eventually.TrueAsync("it has ended", () => News.Readers == 0);
    }

    [Fact]
    public async Task Stream_OfATokenThatIsRevoked_IsEnded()
    {
        var token = await _server.TokenAsync("me", AccessScope.Read);
        await _server.StartAsync();
        (await _http.GetAsync(new Uri(_server.Address, "/events"), Token)).StatusCode.Should().Be(System.Net.HttpStatusCode.Unauthorized);
        using var reader = await OpenAsync(token);
        await Eventually.TrueAsync("it is open", () => News.Readers == 1);

        await _server.Tokens.RevokeAsync("me", Token);

        await Eventually.TrueAsync("it has ended", () => News.Readers == 0);
    }

    [Fact]
    public async Task Streams_TwoHundredWithReadersThatTakeNothing_HoldUpNoDueMomentAndLeaveNothing()
    {
        await _server.StartAsync();
        var sockets = new List<Socket>();
        try
        {
            for (var reader = 0; reader < 200; reader++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                sockets.Add(socket);
                await socket.ConnectAsync(_server.Address.Host, _server.Address.Port, Token);
                await socket.SendAsync(
                    Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n\r\n").AsMemory(),
                    Token
                );
            }

            await Eventually.TrueAsync("all are open", () => News.Readers == 200);
            for (var news = 0; news < 2_000; news++)
            {
                News.Publish();
            }

            _server.Files.Write(
                "schedules.json",
                """
                { "schedules": [ { "id": "now", "name": "Now", "mode": "code", "taskInstructions": "Do it.", "scheduleType": "time",
                  "timeInterval": "6", "timeUnit": "hour", "active": true } ] }
                """
            );
            await Eventually.FindAsync("the due moment is entered beside them", async () =>
                (await _server.Workspace.Schedules.Ledger.HistoryAsync("now", 1, Token)) is [{ Outcome: not null } entered] ? entered : null
            );
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }

        await Eventually.TrueAsync("nothing is left of them", () => News.Readers == 0);
    }

    [Fact]
    public async Task Readers_Many_AreToldOneAfterAnotherAndSoon()
    {
        using var test = new TestWorkspace();
        using var news = new PageNews(test.Workspace, static _ => new MemoryStream(), Nothing, NullLogger.Instance, Token);
        List<PageReader> readers = [.. Enumerable.Range(0, 200).Select(_ => news.Open())];

        news.Publish();

        readers.TakeWhile(static one => one.Number == 1).Should().HaveCount(8, "a person's tabs are told at once");
        for (var told = 8; told < readers.Count; told += 8)
        {
            readers.Count(static one => one.Number == 1).Should().Be(told);
            test.Time.Advance(PageNews.BetweenGroups);
            await Eventually.TrueAsync("the next ones are told", () => readers.Count(static one => one.Number == 1) == told + 8);
        }

        await readers[^1].WaitAsync(0, Token);
    }

    [Fact]
    public async Task Readers_WhenMoreComesMeanwhile_AreAllToldOfTheLast()
    {
        using var test = new TestWorkspace();
        using var news = new PageNews(test.Workspace, static _ => new MemoryStream(), Nothing, NullLogger.Instance, Token);
        List<PageReader> readers = [.. Enumerable.Range(0, 30).Select(_ => news.Open())];
        news.Publish();
        test.Time.Advance(PageNews.BetweenGroups);

        news.Publish();

        await Eventually.TrueAsync("all are told", () =>
        {
            test.Time.Advance(PageNews.BetweenGroups);
            return readers.TrueForAll(static one => one.Number == 2);
        });
    }

    [Fact]
    public async Task Stream_OfOneOfMany_IsToldLaterAndOfAllThatHasComeMeanwhile()
    {
        using var test = new TestWorkspace();
        using var news = new PageNews(test.Workspace, static _ => new MemoryStream(), Nothing, NullLogger.Instance, Token);
        List<PageReader> others = [.. Enumerable.Range(0, 8).Select(_ => news.Open())];
        await using var sent = new MemoryStream();
        using var gone = new CancellationTokenSource();
        using var services = new ServiceCollection().AddSingleton(news).AddSingleton<TimeProvider>(test.Time).BuildServiceProvider();
        var browser = new DefaultHttpContext { RequestServices = services, Response = { Body = sent }, RequestAborted = gone.Token };

        var serving = EventStream.ServeAsync(browser);
        news.Publish();
        news.Publish();
        Encoding.UTF8.GetString(sent.ToArray()).Should().NotContain("changed");

        await Eventually.TrueAsync("it is told", () =>
        {
            test.Time.Advance(TimeSpan.FromMilliseconds(20));
            return Encoding.UTF8.GetString(sent.ToArray()).Contains("event: changed", StringComparison.Ordinal);
        });

        Encoding.UTF8.GetString(sent.ToArray()).Should().EndWith("event: changed\nid: 2\ndata: 2\n\n");
        await gone.CancelAsync();
        await serving;
        others.ForEach(static one => one.Dispose());
        news.Readers.Should().Be(0);
    }

    [Fact]
    public async Task Stream_OfABrowserThatTakesNothing_IsCutOff()
    {
        using var test = new TestWorkspace();
        using var news = new PageNews(test.Workspace, static _ => new MemoryStream(), Nothing, NullLogger.Instance, Token);
        await using var stuck = new StuckStream();
        using var services = new ServiceCollection().AddSingleton(news).AddSingleton<TimeProvider>(test.Time).BuildServiceProvider();
        var browser = new DefaultHttpContext { RequestServices = services, Response = { Body = stuck } };
        var life = new RecordedLife();
        browser.Features.Set<IHttpRequestLifetimeFeature>(life);

        var serving = EventStream.ServeAsync(browser);
        test.Time.Advance(EventStream.MaxWrite - TimeSpan.FromTicks(1));
        (serving.IsCompleted, life.IsAborted, news.Readers).Should().Be((false, false, 1));
        test.Time.Advance(TimeSpan.FromTicks(1));

        await serving;
        (life.IsAborted, news.Readers).Should().Be((true, 0));
    }

    [Fact]
    public async Task News_WhereWhatIsWatchedFails_GoOnAndAreLoggedOnce()
    {
        using var test = new TestWorkspace();
        using var log = new RecordingLog();
        var (tries, changed) = (0, (Action?)null);
        using var news = new PageNews(
            test.Workspace,
            tell =>
            {
                if (Interlocked.Increment(ref tries) <= 2)
                {
                    throw new InvalidOperationException("there is no more room for it");
                }

                changed = tell;
                return new MemoryStream();
            },
            Nothing,
            log,
            Token
        );
        using var reader = news.Open();

        await Eventually.TrueAsync("it is tried until it can be done", () =>
        {
            test.Time.Advance(PageNews.AfterTrouble);
            return changed is not null;
        });

        var before = news.Number;
        changed!();
        await Eventually.TrueAsync("pages are told", () =>
        {
            test.Time.Advance(PageNews.Together);
            return news.Number > before;
        });
        before.Should().BeGreaterThan(0, "what changed meanwhile is told too");
        log.Entries.Should().ContainSingle().Which.Id.Should().Be(LogEvents.PagesNotTold);
    }

    [Theory]
    [InlineData(PageNews.ManyReaders - 1, false, 0)]
    [InlineData(PageNews.ManyReaders, false, 1)]
    [InlineData(PageNews.ManyReaders, true, 0)]
    public async Task Memory_OfManyPages_IsGivenBackWhenAllAreClosed(int pages, bool comesBack, int times)
    {
        using var test = new TestWorkspace();
        var (given, watched) = (0, 0);
        using var news = new PageNews(
            test.Workspace,
            _ => new Watched(() => Interlocked.Increment(ref watched)),
            () => Interlocked.Increment(ref given),
            NullLogger.Instance,
            Token
        );
        List<PageReader> readers = [.. Enumerable.Range(0, pages).Select(_ => news.Open())];
        readers.ForEach(static one => one.Dispose());
        await Eventually.TrueAsync("nobody is looked for any more", () =>
        {
            test.Time.Advance(PageNews.Together);
            return watched == 1;
        });
        using var later = comesBack ? news.Open() : null;

        var looks = 0;
        await Eventually.TrueAsync("it is given back, or not", () =>
        {
            test.Time.Advance(PageNews.AfterMany);
            return ++looks > 20 && given == times;
        });
    }

    private static void Nothing() { }

    private async Task<StreamReader> OpenAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address, "/events"));
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
    }

    private static async Task<string> LineAsync(StreamReader reader, string prefix)
    {
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "the stream has ended";
    }

    private sealed class RecordedLife : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class Watched(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    /// <summary>A connection whose other end takes nothing.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource().Task);
    }
}
