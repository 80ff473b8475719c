using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class CanonicalRowTests
{
    private const string Row =
        "2026-01-02T10:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t2026-01-02T10:10:00.250Z\t600\tsome ␊ täsk\tcompleted\tnormal";

    [Theory]
    [InlineData(Row)]
    [InlineData(Row + "\r")]
    [InlineData("2026-01-02T10:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t\t\tcompleted\tnot what it seems\ttodo")]
    public void Read_RowOfOurs_IsTakenWithoutGuessing(string row) =>
        new CanonicalRow().Read(Encoding.UTF8.GetBytes(row), 1).Should().NotBeNull().And.Be(Guessed(Encoding.UTF8.GetBytes(row)));

    [Theory]
    [InlineData("2026-01-02T24:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t\t\ttask\tstarted\tnormal")]
    [InlineData("2026-02-30T10:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t\t\ttask\tstarted\tnormal")]
    [InlineData("2026-01-02T10:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t\t\ttask\tstarted\thigh")]
    [InlineData("2026-01-02T10:00:00.000Z\t2026-01-02T10:00:00.000Z\tid\t2026-01-02T10:00:00.000Z\t\t\ttask\tstarted\tnormal")]
    [InlineData("2026-01-02T10:00:00.000Z\tcode\t2026-01-02T10:00:00.000Z\t\t\t\ttask\tstarted\tnormal")]
    [InlineData("2026-01-02T10:00:00.000Z\tcode\tid\t2026-01-02T10:00:00.000Z\t\t1.5\ttask\tstarted\tnormal")]
    [InlineData(Row + "\tmore")]
    public void Read_AnyOther_IsLeftToTheGuesses(string row) => new CanonicalRow().Read(Encoding.UTF8.GetBytes(row), 1).Should().BeNull();

    [Fact]
    public void Read_AnyRow_SaysNothingElseThanTheGuesses()
    {
        var reader = new CanonicalRow();
        var taken = 0;
        var damage = Gen.Select(TimingRows.Row, Gen.Int[0, 400], Gen.Byte, static (row, place, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(row);
            if (place < bytes.Length && value != (byte)'\n')
            {
                bytes[place] = value;
            }

            return bytes;
        });
        FixedSample.Run(
            damage,
            20_000,
            bytes =>
            {
                if (reader.Read(bytes, 1) is { } entry)
                {
                    taken++;
                    entry.Should().Be(Guessed(bytes));
                }
            },
            static bytes => Encoding.UTF8.GetString(bytes)
        );
        taken.Should().BeGreaterThan(500);
    }

    // The first row of a file without a header is never read the short way.
    private static TimingEntry? Guessed(byte[] bytes)
    {
        var diagnostics = new List<Diagnostic>();
        return new TimingLines("f", diagnostics).Next(bytes, bytes.Length);
    }
}
