using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>Lines of standard input that are no messages, and the answers to them.</summary>
public sealed class MessageLineTests
{
    private const string Message = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Message, null, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", null, null)]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", null, null)]
    [InlineData("""  {"id":"x","params":{"a":[1,{"b":"\ud83d\ude00"}]},"method":"m","jsonrpc":"2.0"}  """, null, null)]
    [InlineData("", null, null)]
    [InlineData(" \t\r", null, null)]
    [InlineData("{broken", -32700, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping""", -32700, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}}""", -32700, null)]
    [InlineData(Message + Message, -32700, null)]
    [InlineData("hello", -32700, null)]
    [InlineData("'{}'", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\u0001b\"}", -32700, null)]
    [InlineData("[]", -32600, null)]
    [InlineData("5", -32600, null)]
    [InlineData("{}", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7}""", -32600, "7")]
    [InlineData("""{"id":"x","method":"ping"}""", -32600, "\"x\"")]
    [InlineData("""{"jsonrpc":"1.0","id":null,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":{"id":3},"method":5}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":true,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1e2,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":[1],"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":{"id":1},"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":-9223372036854775808,"method":"ping"}""", null, null)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""", null, null)]
    public void Refusal_Line_IsTheErrorOfJsonRpc(string line, int? code, string? id)
    {
        var refusal = JsonRpcLine.Refusal(Encoding.UTF8.GetBytes(line));

        if (code is null)
        {
            refusal.Should().BeNull();
            return;
        }

        var text = Encoding.UTF8.GetString(refusal!);
        text.Should().EndWith("\n");
        var error = JsonNode.Parse(text)!;
        ((int)error["error"]!["code"]!).Should().Be(code);
        (error["id"]?.ToJsonString()).Should().Be(id);
        ((string)error["jsonrpc"]!).Should().Be("2.0");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task ReadAsync_LinesAmongWhichSomeAreNone_PassesTheOthersByteForByte(int piece)
    {
        var large = $$$"""{"jsonrpc":"2.0","id":2,"method":"m","params":{"x":"{{{new string('x', 50_000)}}}"}}""";
        // The mark of UTF-8 belongs to no message; within the input it is no mark.
        var input = $"\uFEFF{Message}\n{{broken\n\r\n{large}\r\n[]\n{Message}";
        var refused = new List<string>();
        var stream = new MessageLineStream(new PieceStream(Encoding.UTF8.GetBytes(input), piece), (line, _) =>
        {
            refused.Add(Encoding.UTF8.GetString(line.Span));
            return Task.CompletedTask;
        });
        var passed = new MemoryStream();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, Cancellation) is > 0 and var read)
        {
            passed.Write(buffer, 0, read);
        }

        Encoding.UTF8.GetString(passed.ToArray()).Should().Be($"{Message}\n\r\n{large}\r\n{Message}");
        refused.Should().HaveCount(2);
        refused[0].Should().Contain("-32700");
        refused[1].Should().Contain("-32600");
    }

    [Fact]
    public async Task WriteLineAsync_WhileALineIsWritten_ComesBetweenTwoLines()
    {
        var output = new MemoryStream();
        await using var lines = new LineOutputStream(output);
        await lines.WriteAsync("{\"first\":"u8.ToArray(), Cancellation);
        await lines.WriteLineAsync("own\n"u8.ToArray(), Cancellation);
        await lines.WriteAsync("1}\n{\"second\""u8.ToArray(), Cancellation);
        await lines.FlushAsync(Cancellation);
        await lines.WriteLineAsync("own\n"u8.ToArray(), Cancellation);
        await lines.WriteAsync(":2}\n"u8.ToArray(), Cancellation);

        Encoding.UTF8.GetString(output.ToArray()).Should().Be("own\n{\"first\":1}\nown\n{\"second\":2}\n");
    }

    private sealed class PieceStream(byte[] bytes, int piece) : InputStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - _at);
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
