using System.Text;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class LineLimitStreamTests
{
    [Theory]
    [InlineData("abc\ndef\n", "abc\ndef\n", 0)]
    [InlineData("abcde\n", "abcde\n", 0)]
    [InlineData("abcdef\nx\n", "abcde\nx\n", 1)]
    [InlineData("abcdefghijklmnop", "abcde", 1)]
    [InlineData("abcdefghij\nabcdefghij\nok\n", "abcde\nabcde\nok\n", 2)]
    [InlineData("\n\n", "\n\n", 0)]
    [InlineData("", "", 0)]
    public async Task Read_InPiecesOfAnySize_KeepsLinesUpToTheLimit(string input, string expected, int tooLong)
    {
        for (var piece = 1; piece <= 8; piece++)
        {
            var reported = 0;
            await using var stream = new LineLimitStream(new MemoryStream(Encoding.ASCII.GetBytes(input)), maxLineBytes: 5, () =>
                reported++
            );

            (await ReadAsync(stream, piece)).Should().Be(expected, $"pieces have {piece} bytes");
            reported.Should().Be(tooLong);
        }
    }

    private static async Task<string> ReadAsync(LineLimitStream stream, int piece)
    {
        var text = new StringBuilder();
        var buffer = new byte[piece];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
