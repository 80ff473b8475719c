using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Hosting.Streams;
using LoopOrchestrator.Testing;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class RequestFaultsTests : IDisposable
{
    private readonly RecordingLog _logger = new();

    public void Dispose() => _logger.Dispose();

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON; charset=\"UTF-8\"", 200)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=none-such", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("", 415)]
    [InlineData(null, 415)]
    [InlineData(";;;", 415)]
    public async Task Message_OfAnotherType_IsRefusedBeforeItIsRead(string? contentType, int expected)
    {
        var (context, _) = await RunAsync(contentType, "{}", _ => Task.CompletedTask);

        context.Response.StatusCode.Should().Be(expected);
        _logger.Entries.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/mcp/", 415)]
    [InlineData("/MCP", 415)]
    [InlineData("/mcp/more", 200)]
    [InlineData("/health/live", 200)]
    public async Task Message_OfAnotherType_IsRefusedWhereverTheRoutingTakesIt(string path, int expected)
    {
        var context = Context("text/plain", "{}");
        context.Request.Path = path;

        await RequestMessages.InvokeAsync(context, static _ => Task.CompletedTask);

        context.Response.StatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task Parameters_ThatCannotBeRead_AreAnsweredWithTheRequestsId()
    {
        var (context, body) = await RunAsync(
            "application/json",
            """{"jsonrpc":"2.0","id":"seven","method":"initialize","params":[1]}""",
            async inner =>
            {
                using var reader = new StreamReader(inner.Request.Body, leaveOpen: true);
                await reader.ReadToEndAsync();
                throw new JsonException("no", "$.params", lineNumber: null, bytePositionInLine: null);
            }
        );

        context.Response.StatusCode.Should().Be(400);
        using var answer = JsonDocument.Parse(body);
        answer.RootElement.GetProperty("id").GetString().Should().Be("seven");
        answer.RootElement.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
        _logger.Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task Request_ThatIsBad_IsAnsweredWithItsStatusAndNoTrace()
    {
        var (context, body) = await RunAsync("application/json", "{}", _ =>
            throw new BadHttpRequestException("Request body too large.", 413)
        );

        context.Response.StatusCode.Should().Be(413);
        body.Should().Be("Request body too large.\n");
        _logger.Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task Fault_OfOurs_IsLoggedAndAnsweredWithoutItsText()
    {
        var (context, body) = await RunAsync("application/json", "{}", _ => throw new InvalidOperationException("inner secret"));

        context.Response.StatusCode.Should().Be(500);
        body.Should().NotContain("inner secret").And.Contain("log");
        _logger.Entries.Should().ContainSingle().Which.Exception!.Message.Should().Be("inner secret");
    }

    [Theory]
    [InlineData("{broken", true, "not valid JSON")]
    [InlineData("{broken", false, "not valid JSON")]
    [InlineData("", true, "empty")]
    [InlineData("", false, "empty")]
    [InlineData(" \r\n\t", true, "empty")]
    [InlineData("[]", false, null)]
    [InlineData("{}", false, null)]
    public async Task Body_ThatIsNoJson_IsASyntaxErrorWhateverItsLengthIsSaidToBe(string message, bool tellsLength, string? text)
    {
        var passed = "";
        var (context, body) = await RunAsync(
            "application/json",
            message,
            async inner => passed = await new StreamReader(inner.Request.Body).ReadToEndAsync(),
            tellsLength
        );

        if (text is null)
        {
            passed.Should().Be(message);
            return;
        }

        context.Response.StatusCode.Should().Be(400);
        using var answer = JsonDocument.Parse(body);
        answer.RootElement.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32700);
        answer.RootElement.GetProperty("error").GetProperty("message").GetString().Should().Contain(text).And.NotContain("line.");
        passed.Should().BeEmpty();
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task Body_WithoutALength_ReachesTheNextOneWhole(int length)
    {
        var message = $"\"{new string('x', length - 3)}y\"";
        var passed = "";

        await RunAsync(
            "application/json",
            message,
            async inner => passed = await new StreamReader(inner.Request.Body).ReadToEndAsync(),
            tellsLength: false
        );

        passed.Should().Be(message);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(400)]
    public async Task Body_ThatStopsInTheMiddle_IsAnsweredWithItsStatusAndNoTrace(int status)
    {
        var context = Context("application/json", "{}");
        var answer = new MemoryStream();
        context.Response.Body = answer;
        context.Request.Body = new BrokenStream(new BadHttpRequestException("It stopped.", status));

        await new RequestFaults(_logger).InvokeAsync(context, inner => RequestMessages.InvokeAsync(inner, _ => Task.CompletedTask));

        context.Response.StatusCode.Should().Be(status);
        Encoding.UTF8.GetString(answer.ToArray()).Should().Be("It stopped.\n");
        _logger.Entries.Should().BeEmpty();
    }

    private async Task<(HttpContext Context, string Body)> RunAsync(
        string? contentType,
        string message,
        RequestDelegate next,
        bool tellsLength = true
    )
    {
        var context = Context(contentType, message);
        if (!tellsLength)
        {
            context.Request.ContentLength = null;
        }

        var answer = new MemoryStream();
        context.Response.Body = answer;

        await new RequestFaults(_logger).InvokeAsync(context, inner => RequestMessages.InvokeAsync(inner, next));

        return (context, Encoding.UTF8.GetString(answer.ToArray()));
    }

    private static DefaultHttpContext Context(string? contentType, string message)
    {
        var content = Encoding.UTF8.GetBytes(message);
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = "/mcp";
        context.Request.ContentType = contentType;
        context.Request.ContentLength = content.Length;
        context.Request.Body = new MemoryStream(content);
        return context;
    }

    private sealed class BrokenStream(Exception exception) : InputStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(exception);
    }
}
