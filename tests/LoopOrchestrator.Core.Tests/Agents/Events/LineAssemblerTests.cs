using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Tests.Agents.Events;

public sealed class LineAssemblerTests
{
    private const int MaxLength = 8;

    [Fact]
    public void Add_AnyChunks_GiveTheLinesOfTheWhole() =>
        FixedSample.Run(Gen.Select(FixedSample.OneOf('a', 'b', '\r', '\n', 'é').Array[0, 60], Gen.Int[1, 9].Array[1, 20]), 3000, value =>
        {
            var bytes = Encoding.UTF8.GetBytes(value.Item1);
            var expected = Encoding.Latin1.GetString(bytes).Split('\n').Where(line => line.Length is > 0 and <= MaxLength);
            var chunks = new List<byte[]>();
            for (var (at, turn) = (0, 0); at < bytes.Length; at += chunks[^1].Length, turn++)
            {
                chunks.Add(bytes[at..Math.Min(bytes.Length, at + value.Item2[turn % value.Item2.Length])]);
            }

            Lines(chunks).Should().Equal(expected);
        });

    [Theory]
    [InlineData("12345678\n", "12345678")]
    [InlineData("123456789\nnext\n", "next")]
    [InlineData("123456789", "")]
    [InlineData("\n\na\n\n", "a")]
    [InlineData("no end", "no end")]
    public void Add_LengthAroundTheLimit_PassesOnlyWhatFits(string text, string lines) =>
        string.Join('|', Lines([Encoding.UTF8.GetBytes(text)])).Should().Be(lines);

    [Fact]
    public void Add_EndlessLineInPieces_KeepsNothingAndRecovers() =>
        Lines([.. Enumerable.Repeat("aaaa"u8.ToArray(), 100_000), "\nok\n"u8.ToArray()]).Should().Equal("ok");

    private static List<string> Lines(IEnumerable<byte[]> chunks)
    {
        var lines = new List<string>();
        var assembler = new LineAssembler(MaxLength, line => lines.Add(Encoding.Latin1.GetString(line.Span)));
        foreach (var chunk in chunks)
        {
            assembler.Add(chunk);
        }

        assembler.EndLine();
        return lines;
    }
}
