using System.Globalization;
using LoopOrchestrator.Mcp.Cli;
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

    [Theory]
    [InlineData(100, "TERM=xterm", 100, true)]
    [InlineData(100, "TERM=xterm COLUMNS=40", 100, true)]
    [InlineData(100, "TERM=xterm NO_COLOR=1", 100, false)]
    [InlineData(100, "TERM=xterm NO_COLOR=", 100, true)]
    [InlineData(100, "TERM=dumb", 100, false)]
    [InlineData(100, "TERM=", 100, false)]
    [InlineData(100, "", 100, false)]
    [InlineData(null, "TERM=xterm", null, false)]
    [InlineData(null, "TERM=xterm COLUMNS=40", 40, false)]
    [InlineData(null, "COLUMNS=0", null, false)]
    [InlineData(null, "COLUMNS=-1", null, false)]
    [InlineData(null, "COLUMNS=wide", null, false)]
    [InlineData(null, "COLUMNS=", null, false)]
    public void Terminal_OfAnEnvironment_HasItsWidthAndColours(int? width, string variables, int? columns, bool hasColour)
    {
        var environment = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static variable => variable.Split('='))
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);

        using var terminal = CommandLine.Terminal(TextWriter.Null, width, environment.GetValueOrDefault);

        TerminalWriter.WidthOf(terminal).Should().Be(columns);
        (terminal is TerminalWriter { HasColour: true }).Should().Be(hasColour);
    }

    [Theory]
    [InlineData("2026-01-15T12:00:00Z", "2026-01-15 13:00:00 +01:00")]
    [InlineData("2026-07-15T12:00:00Z", "2026-07-15 14:00:00 +02:00")]
    public void Moment_OnAClockThatChanges_HasTheOffsetOfThatDay(string moment, string expected) =>
        ReadableText
            .Moment(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))
            .Should()
            .Be(expected);

    private static string[] Lines(TextTable table, int? width, bool hasColour = false)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var terminal = width is { } columns ? new TerminalWriter(text, columns, hasColour) : null;
        table.Write(terminal ?? (TextWriter)text);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
