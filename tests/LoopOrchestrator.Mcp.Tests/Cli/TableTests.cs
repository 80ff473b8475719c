using System.Globalization;
using LoopOrchestrator.Mcp.Cli.Output;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Tables and sentences on a terminal of a width, and elsewhere.</summary>
public sealed class TableTests
{
    private const string First = "run-20260102-030405-1a2b3c4d";
    private const string Second = "run-20260102-030405-1b2b3c4d";

    [Fact]
    public void Write_WithoutAWidth_KeepsEveryValueWhole()
    {
        var table = new TextTable(Column.Ids("RUN"), Column.States("STATE"), "TASK");
        table.Add(First, "failed", new string('x', 150));

        Lines(table, width: null).Should().Equal($"RUN                           STATE   TASK", $"{First}  failed  {new string('x', 150)}");
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(200)]
    public void Write_OnATerminal_FitsEachRowIntoALine(int width)
    {
        var table = new TextTable(Column.Ids("RUN"), Column.States("STATE"), "MODE", "AGENT", Column.Whole("ASKED FOR"), "TASK");
        table.Add(
            First,
            "succeeded (no report)",
            "implementation-performance",
            "an agent",
            "8 min ago",
            "测试测试测试测试测试测试 " + new string('x', 200)
        );
        table.Add(Second, "failed", "code", null, "in 4 min", "e\u0301te\u0301 \U0001F600 done");

        Lines(table, width).Should().HaveCount(3).And.OnlyContain(line => TextWidth.Of(line) <= width);
    }

    [Fact]
    public void Write_OnATerminal_ShortensIdsSoThatTheyDiffer()
    {
        var table = new TextTable(Column.Ids("RUN"), "TASK");
        table.Add(First, "one");
        table.Add(Second, "two");

        Lines(table, width: 80)[1..].Should().Equal("run-…a2b3c4d  one", "run-…b2b3c4d  two");
    }

    [Fact]
    public void Write_EastAsianText_KeepsTheColumnsBehindIt()
    {
        var table = new TextTable("TASK", "TIME");
        table.Add("测试 테스트", "1:00");
        table.Add("test", "2:00");

        var lines = Lines(table, width: null);

        lines.Select(static line => TextWidth.Of(line[..line.LastIndexOf(' ')])).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void Write_WithColours_PaintsStatesAndNothingElse()
    {
        var table = new TextTable(Column.States("STATE"), "TASK");
        table.Add("failed", "failed");
        table.Add("succeeded", "x");

        Lines(table, width: 80, hasColour: true)[1..].Should().Equal("\e[31mfailed   \e[0m  failed", "\e[32msucceeded\e[0m  x");
    }

    [Fact]
    public void WriteWrapped_LongSentence_IsBrokenBetweenWordsBelowItsText()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var terminal = new TerminalWriter(text, width: 20, hasColour: false);

        terminal.WriteWrapped("  - one two three four /a/path/that/is/longer/than/that", 4);

        text.ToString().ReplaceLineEndings("\n").Should().Be("  - one two three\n    four\n    /a/path/that/is/longer/than/that\n");
    }

    private static string[] Lines(TextTable table, int? width, bool hasColour = false)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var terminal = width is { } columns ? new TerminalWriter(text, columns, hasColour) : null;
        table.Write(terminal ?? (TextWriter)text);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
