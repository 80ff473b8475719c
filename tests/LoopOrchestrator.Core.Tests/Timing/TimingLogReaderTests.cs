using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class TimingLogReaderTests
{
    private const string T1 = "2026-01-02T10:00:00.000Z";
    private const string T2 = "2026-01-02T10:10:00.000Z";

    [Theory]
    [InlineData($"{T1}|code|x1|{T1}|{T2}|600|completed|did all of it|", "code", "x1", 600, "did all of it", "completed", "", "swapped")]
    [InlineData($"{T1}|x1|{T1}|{T2}|600|some task|completed", "", "x1", 600, "some task", "completed", "", "mode is missing")]
    [InlineData($"x1|{T1}|{T2}|600|some task|completed", "", "x1", 600, "some task", "completed", "", "six columns")]
    [InlineData($"x1|{T1}|{T2}|600|some task|completed|||", "", "x1", 600, "some task", "completed", "", "six columns")]
    [InlineData($"1767348000.5|code|x1|{T1}|{T2}||some task|completed|", "code", "x1", 600, "some task", "completed", "", "Unix")]
    [InlineData($"{T1}|code|x1|{T1}|{T2}|600|some task|completed", "code", "x1", 600, "some task", "completed", "", "8 columns")]
    [InlineData($"{T1}|code|x1||{T2}|600|some task|completed|", "code", "x1", 600, "some task", "completed", "", "no start time")]
    [InlineData($"{T1}|code|x1|{T1}|{T2}|600|a|b|completed|normal", "code", "x1", 600, "a\tb", "completed", "normal", "tabs")]
    [InlineData(
        $"x1,{T1},{T2},600.4,\"a, \"\"b\"\"\",completed,code,orchestrator",
        "code",
        "x1",
        600,
        "a, \"b\"",
        "completed",
        "orchestrator",
        "comma"
    )]
    [InlineData(
        $"{T2}|code|x1|{T2}|{T1}||some task|completed|normal",
        "code",
        "x1",
        0,
        "some task",
        "completed",
        "normal",
        "before the start"
    )]
    public void Parse_OddInterval_IsRepairedWithAWarning(
        string row,
        string mode,
        string id,
        int duration,
        string task,
        string result,
        string priority,
        string reason
    )
    {
        var reading = Parse(row.Replace('|', '\t'));

        reading
            .Entries.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingEntry>(entry =>
                entry.Kind == TimingEntryKind.Interval
                && entry.Line == 2
                && entry.Mode == mode
                && entry.TaskId == id
                && entry.DurationSeconds == duration
                && entry.Task == task
                && entry.Result == result
                && entry.Priority == priority
            );
        reading
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Line == 2 && diagnostic.Message.Contains(reason)
            );
        reading.RepairedRows.Should().Be(1);
    }

    [Theory]
    [InlineData($"{T1}|code|x1|{T1}||19|some task|started|normal", "some task", "duration without an end")]
    [InlineData($"{T1}|code|x1|{T1}|||started|high|", "", "task is missing")]
    [InlineData($"x1|{T1}||||| some task|started|", " some task", "id stands in the first")]
    public void Parse_OddStart_IsAnOpenInterval(string row, string task, string reason)
    {
        var reading = Parse(row.Replace('|', '\t'));

        reading
            .Entries.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingEntry>(entry =>
                entry.Kind == TimingEntryKind.Start
                && entry.TaskId == "x1"
                && entry.StartTime == DateTimeOffset.Parse(T1)
                && entry.DurationSeconds == null
                && entry.Task == task
                && entry.Result == "started"
            );
        reading.Diagnostics.Should().ContainSingle().Which.Message.Should().Contain(reason);
    }

    [Fact]
    public void Parse_LongRowThatIsQuoted_IsCutBetweenCharacters() =>
        Parse(new string('x', 79) + "😀😀").Diagnostics.Should().ContainSingle().Which.Message.Should().EndWith(new string('x', 79) + "…");

    [Theory]
    [InlineData("hello")]
    [InlineData("a\tb\tc")]
    [InlineData($"{T1}\tcode\tx1\tyesterday\t{T2}\t600\ttask\tcompleted\tnormal")]
    [InlineData($"{T1}\tcode\tx1\t{T1}\t{T2}\tlong\ttask\tcompleted\tnormal")]
    public void Parse_NoCertainReading_IsAnErrorWithLineAndText(string row)
    {
        var reading = Parse(row);

        reading.Entries.Should().BeEmpty();
        reading.NotUnderstood.Should().Be(1);
        reading
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Line == 2);
    }

    [Fact]
    public void Parse_Utf16LineAmongUtf8_IsReadWhereItHasTabsAndReportedWhereNot()
    {
        var good = $"{T1}\tcode\tx1\t{T1}\t{T2}\t600\ttask\tcompleted\tnormal";
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes(TimingRow.Header + "\r\n"),
            .. Encoding.Unicode.GetBytes(good + "\r\n"),
            .. Encoding.Unicode.GetBytes("2026code\r\n"),
            .. "\0\r\n\r\n"u8,
            .. Encoding.UTF8.GetBytes(good + "\r\n"),
        ];

        var reading = TimingLogReader.Parse(bytes, "f");

        reading.Entries.Should().HaveCount(2).And.OnlyContain(entry => entry.TaskId == "x1" && entry.Priority == "normal");
        reading
            .Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Line == 3 && diagnostic.Message.Contains("UTF-16") && diagnostic.Message.Contains("2026code")
            );
        reading.BlankLines.Should().Be(2);
    }

    [Fact]
    public void Parse_WholeFileInUtf16_IsRead()
    {
        var bytes = Encoding
            .Unicode.GetPreamble()
            .Concat(Encoding.Unicode.GetBytes($"{TimingRow.Header}\n{T1}\tcode\tx1\t{T1}\t\t\ttask\tstarted\tnormal\n"))
            .ToArray();

        var reading = TimingLogReader.Parse(bytes, "f");

        reading.Entries.Should().ContainSingle();
        reading.Diagnostics.Should().ContainSingle().Which.Line.Should().Be(1);
    }

    [Fact]
    public void Parse_OtherHeader_IsReadByItsNames()
    {
        var reading = TimingLogReader.Parse(
            Encoding.UTF8.GetBytes(
                $"task_id,start_timestamp,end_timestamp,duration_seconds,task,results,mode,priority\nx1,{T1},,,a "
                    + "task,started,orchestrator,orchestrator\n"
            ),
            "f"
        );

        reading.Diagnostics.Should().BeEmpty();
        reading
            .Entries.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingEntry>(entry => entry.Mode == "orchestrator" && entry.TaskId == "x1" && entry.Task == "a task");
    }

    [Fact]
    public void Parse_PairsAndRepeats_CountOnce()
    {
        var reading = Parse(
            string.Join(
                '\n',
                $"{T1}\tcode\ta\t{T1}\t\t\ttask\tstarted\tnormal",
                $"{T1}\tcode\ta\t{T1}\t\t\ttask\tstarted\tnormal",
                $"{T2}\tcode\ta\t\t{T2}\t\ttask\tcompleted\tnormal",
                $"{T2}\tcode\tb\t\t{T2}\t\ttask\tcompleted\tnormal"
            )
        );

        reading
            .Entries.Select(entry => entry.Kind)
            .Should()
            .Equal(TimingEntryKind.Start, TimingEntryKind.Start, TimingEntryKind.Close, TimingEntryKind.UnmatchedClose);
        var report = TimingReport.Create(reading);
        report.Total.Should().Be(new TimingTotal("", 1, 600));
        report.OpenCount.Should().Be(0);
    }

    [Fact]
    public void Parse_StartsInReverseOrder_AreAllOpenByTheirOwnTime()
    {
        var report = TimingReport.Create(
            Parse($"{T2}\tcode\tlater\t{T2}\t\t\ttask\tstarted\tnormal\n{T1}\tcode\tearlier\t{T1}\t\t\ttask\tstarted\tnormal")
        );

        report.Open.Select(entry => entry.TaskId).Should().Equal("earlier", "later");
    }

    [Fact]
    public void Parse_ClosingRowBeforeItsStart_CountsOnceAndTheStartIsOpen()
    {
        var reading = Parse($"{T2}\tcode\ta\t{T1}\t{T2}\t600\ttask\tcompleted\tnormal\n{T1}\tcode\ta\t{T1}\t\t\ttask\tstarted\tnormal");

        reading.Entries.Select(entry => entry.Kind).Should().Equal(TimingEntryKind.Interval, TimingEntryKind.Start);
        var report = TimingReport.Create(reading);
        report.Total.Should().Be(new TimingTotal("", 1, 600));
        report.OpenCount.Should().Be(1);
    }

    [Fact]
    public void Parse_SameRowTwice_IsReadTwice()
    {
        var row = $"{T1}\tcode\ta\t{T1}\t{T2}\t600\ttask\tcompleted\tnormal";

        Parse(row + "\n" + row).Entries.Should().HaveCount(2).And.OnlyContain(entry => entry.Kind == TimingEntryKind.Interval);
    }

    [Fact]
    public void Parse_ReplacementCharacter_IsTextAsItIs() =>
        Parse($"{T1}\tcode\ta\t{T1}\t{T2}\t600\tO(n\uFFFD)\tcompleted\tnormal")
            .Should()
            .Match<TimingReading>(reading => reading.Diagnostics.Count == 0 && reading.Entries[0].Task == "O(n\uFFFD)");

    [Fact]
    public void Parse_BytesThatAreNoUtf8_AreReadWithAWarning()
    {
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes($"{TimingRow.Header}\n{T1}\tcode\ta\t{T1}\t{T2}\t600\tO(n"),
            0xB2,
            .. Encoding.UTF8.GetBytes(")\tcompleted\tnormal\n"),
        ];

        var reading = TimingLogReader.Parse(bytes, "f");

        reading.Entries.Should().ContainSingle().Which.Task.Should().Be("O(n\uFFFD)");
        reading.Diagnostics.Should().ContainSingle().Which.Message.Should().Contain("not UTF-8");
    }

    [Fact]
    public void Parse_ClosedRowWhoseResultSaysStarted_IsComplete() =>
        Parse($"{T1}\tcode\ta\t{T1}\t{T2}\t600\ttask\tstarted - Session focused\t")
            .Entries.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingEntry>(entry => entry.IsComplete && entry.Result == "started - Session focused");

    [Fact]
    public void Parse_WindowsLinesAndEightColumns_AreRead()
    {
        var header = TimingRow.Header[..TimingRow.Header.LastIndexOf('\t')];

        var reading = TimingLogReader.Parse(
            Encoding.UTF8.GetBytes($"\uFEFF{header}\r\n{T1}\tcode\ta\t{T1}\t{T2}\t600\ttask\tcompleted\r\n\r\n"),
            "f"
        );

        reading.Diagnostics.Should().BeEmpty();
        reading.Entries.Should().ContainSingle().Which.Result.Should().Be("completed");
        (reading.Headers, reading.BlankLines).Should().Be((1, 1));
    }

    [Fact]
    public void Parse_AnyBytes_NeverThrowsAndEachFindingHasALine()
    {
        byte[][] words =
        [
            .. new[]
            {
                "\t",
                "\n",
                "\r\n",
                "\0",
                T1,
                T2,
                "code",
                "started",
                "600",
                ",",
                "\"",
                "\uFEFF",
                TimingRow.Header,
                "1767348000.5",
                "\t\t\t",
            }.Select(Encoding.UTF8.GetBytes),
            Encoding.Unicode.GetBytes($"{T1}\tcode\r\n"),
        ];
        var piece = Gen.OneOf(Gen.Byte.Array[0, 12], Gen.Int[0, words.Length - 1].Select(index => words[index]));
        FixedSample.Run(piece.Array[0, 40].Select(pieces => pieces.SelectMany(one => one).ToArray()), 300, bytes =>
        {
            var reading = TimingLogReader.Parse(bytes, "f");
            TimingReport.Create(reading);
            Assert.DoesNotContain(reading.Diagnostics, static diagnostic => !(diagnostic.Line > 0));
        });
    }

    [Fact]
    public async Task Read_LargerThanOneChunk_IsTheSameAsParse()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder(TimingRow.Header + "\n");
        for (var row = 0; row < 3000; row++)
        {
            text.Append($"{T1}\tcode\tid{row}\t{T1}\t{T2}\t600\t{new string('é', row % 300)}\tcompleted\tnormal\n");
        }

        text.Append($"{T1}\tcode\tlast\t{T1}\t{T2}\t600\t{new string('x', 300_000)}\tcompleted\tnormal");
        await File.WriteAllTextAsync(folder.Paths.Timing, text.ToString(), TestContext.Current.CancellationToken);

        var reading = TimingLogReader.Read(folder.Paths);

        reading.Diagnostics.Should().BeEmpty();
        reading.Entries.Should().Equal(TimingLogReader.Parse(Encoding.UTF8.GetBytes(text.ToString()), "task_timing.tsv").Entries);
        reading.Entries.Should().HaveCount(3001);
    }

    [Fact]
    public void Read_MissingFile_IsEmpty()
    {
        using var folder = new TemporaryFolder();

        TimingLogReader
            .Read(folder.Paths)
            .Should()
            .Match<TimingReading>(reading => reading.Entries.Count == 0 && reading.Diagnostics.Count == 0);
    }

    private static TimingReading Parse(string rows) => TimingLogReader.Parse(Encoding.UTF8.GetBytes($"{TimingRow.Header}\n{rows}\n"), "f");
}
