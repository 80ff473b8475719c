using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Hosting.Streams;

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
        var stream = Stream(Encoding.UTF8.GetBytes(input), piece, maxLineBytes: 60_000, refused);

        (await PassedAsync(stream)).Should().Be($"{Message}\n\r\n{large}\r\n{Message}");
        refused.Should().HaveCount(2);
        refused[0].Should().Contain("-32700");
        refused[1].Should().Contain("-32600");
    }

    // Spaces stand for any length: a line of them says nothing, and is no message that the SDK would see.
    [Theory]
    [InlineData("    \n     \n", "    \n     \n", 0)]
    [InlineData("     \n", "     \n", 0)]
    [InlineData("      \n \n", " \n", 1)]
    [InlineData("                ", "", 1)]
    [InlineData("          \n          \n  \n", "  \n", 2)]
    [InlineData(" \n          ", " \n", 1)]
    [InlineData("\n\n", "\n\n", 0)]
    [InlineData("", "", 0)]
    public async Task ReadAsync_LinesThatPassTheLimit_AreAnsweredOnceAndDropped(string input, string expected, int tooLong)
    {
        for (var piece = 1; piece <= 8; piece++)
        {
            var refused = new List<string>();
            var told = 0;
            var stream = Stream(Encoding.UTF8.GetBytes(input), piece, maxLineBytes: 5, refused, () => told++);

            (await PassedAsync(stream)).Should().Be(expected, "pieces have {0} bytes", piece);
            told.Should().Be(tooLong);
            refused.Should().HaveCount(tooLong);
            foreach (var refusal in refused)
            {
                var error = JsonNode.Parse(refusal)!;
                ((int)error["error"]!["code"]!).Should().Be(-32600);
                error.AsObject().Should().ContainKey("id").WhoseValue.Should().BeNull();
                ((string)error["error"]!["message"]!).Should().Contain("5 bytes");
            }
        }
    }

    [Fact]
    public async Task ReadAsync_ALineWithoutEnd_IsAnsweredBeforeItEndsAndNotKept()
    {
        var refused = new List<string>();
        var input = new EndlessStream(() => refused.Count > 0, rest: 50_000_000);
        var stream = new MessageLineStream(input, 100_000, Refuse(refused), () => { });
        var before = GC.GetAllocatedBytesForCurrentThread();

        (await stream.ReadAsync(new byte[64], Cancellation)).Should().Be(0);

        refused.Should().ContainSingle().Which.Should().Contain("100000 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(5_000_000);
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

    private static MessageLineStream Stream(byte[] input, int piece, int maxLineBytes, List<string> refused, Action? onTooLong = null) =>
        new(new PieceStream(input, piece), maxLineBytes, Refuse(refused), onTooLong ?? (() => { }));

    private static Func<ReadOnlyMemory<byte>, CancellationToken, Task> Refuse(List<string> refused) =>
        (line, _) =>
        {
            refused.Add(Encoding.UTF8.GetString(line.Span));
            return Task.CompletedTask;
        };

    private static async Task<string> PassedAsync(MessageLineStream stream)
    {
        var passed = new MemoryStream();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, Cancellation) is > 0 and var read)
        {
            passed.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(passed.ToArray());
    }

    /// <summary>A line that goes on for so many bytes after it was refused, and breaks when nobody refuses it.</summary>
    private sealed class EndlessStream(Func<bool> isRefused, int rest) : InputStream
    {
        private int _before = 1_000_000;
        private int _rest = rest;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = isRefused() ? _rest : _before;
            var count = Math.Min(left, buffer.Length);
            buffer[..count].Span.Fill((byte)'x');
            (_before, _rest) = isRefused() ? (_before, _rest - count) : (_before - count, _rest);
            return _before > 0 ? ValueTask.FromResult(count) : throw new InvalidDataException("Nobody said that the line is too long.");
        }
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
