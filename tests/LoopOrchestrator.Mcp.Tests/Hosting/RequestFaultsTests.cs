using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Hosting;
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

    private async Task<(HttpContext Context, string Body)> RunAsync(string? contentType, string message, RequestDelegate next)
    {
        var content = Encoding.UTF8.GetBytes(message);
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = "/mcp";
        context.Request.ContentType = contentType;
        context.Request.ContentLength = content.Length;
        context.Request.Body = new MemoryStream(content);
        var answer = new MemoryStream();
        context.Response.Body = answer;

        await new RequestFaults(_logger).InvokeAsync(context, next);

        return (context, Encoding.UTF8.GetString(answer.ToArray()));
    }
}
