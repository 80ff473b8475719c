using System.Net;
using System.Net.Sockets;
using System.Text;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Escalations;

public sealed class NoticeSenderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Command_GetsTheNoticeOnItsInput_InTheWorkspace()
    {
        SkipOnWindows();
        (await CommandAsync("sh", "-c", "cat > told.json; yes | head -c 1000000")).Should().BeNull();

        (await File.ReadAllTextAsync(_folder.File("told.json"), Token)).Should().Be("the notice");
    }

    [Fact]
    public async Task Command_ThatFails_IsToldWithItsExitCode()
    {
        SkipOnWindows();
        (await CommandAsync("sh", "-c", "exit 3")).Should().Be("it ended with exit code 3");
    }

    [Fact]
    public async Task Command_ThatIsMissing_IsTold() =>
        (await CommandAsync("no-such-program-here")).Should().Contain("'no-such-program-here' was not found");

    [Fact]
    public async Task Channel_ThatIsNotConfiguredAnyMore_IsTold()
    {
        using var sender = new NoticeSender(_folder.Paths, new EscalationChannels(), TimeProvider.System);

        (await sender.SendAsync(EscalationChannels.WebhookChannel, [], Token)).Should().Contain("not configured any more");
        (await sender.SendAsync(EscalationChannels.CommandChannel, [], Token)).Should().Contain("not configured any more");
    }

    [Theory]
    [InlineData("204 No Content", null)]
    [InlineData("503 Service Unavailable", "the address answered 503")]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:1/", "the address answered 302")]
    public async Task Webhook_IsPostedAsJson_AndFollowsNoRedirection(string answer, string? error)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeOnceAsync(listener, answer);
        var channels = new EscalationChannels
        {
            Webhook = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook?a=b"),
        };
        using var sender = new NoticeSender(_folder.Paths, channels, TimeProvider.System);

        (await sender.SendAsync(EscalationChannels.WebhookChannel, "the notice"u8.ToArray(), Token)).Should().Be(error);

        (await served)
            .Should()
            .StartWith("POST /hook?a=b HTTP/1.1")
            .And.Contain("Content-Type: application/json; charset=utf-8")
            .And.EndWith("\r\n\r\nthe notice");
    }

    [Fact]
    public async Task Webhook_NobodyListens_IsTold()
    {
        using var sender = new NoticeSender(
            _folder.Paths,
            new EscalationChannels { Webhook = new Uri("http://127.0.0.1:1/") },
            TimeProvider.System
        );

        (await sender.SendAsync(EscalationChannels.WebhookChannel, [], Token)).Should().NotBeNullOrEmpty();
    }

    private static async Task<string> ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        await using var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (
            !request.ToString().EndsWith("the notice", StringComparison.Ordinal)
            && await stream.ReadAsync(buffer, Token) is var count
            && count > 0
        )
        {
            request.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Token);
        return request.ToString();
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");

    private async Task<string?> CommandAsync(params string[] command)
    {
        using var sender = new NoticeSender(_folder.Paths, new EscalationChannels { Command = command }, TimeProvider.System);
        return await sender.SendAsync(EscalationChannels.CommandChannel, "the notice"u8.ToArray(), Token);
    }
}
