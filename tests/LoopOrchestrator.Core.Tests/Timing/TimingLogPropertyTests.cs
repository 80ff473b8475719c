using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class TimingLogPropertyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> AnyText = Gen.OneOf(
            Gen.Char['\0', '\u00A0'],
            Gen.Char['\0', '\u00A0'],
            Gen.Char['\u23FE', '\u2428'],
            Gen.Char['\uD7FE', '\uE001'],
            FixedSample.OneOf('\\', '\t', '\r', '\n', '\u2028', '\u2029', '\u0085', '\uFEFF', ',', '"')
        )
        .Array[1, 40]
        .Select(static characters => new string(characters));

    [Fact]
    public async Task Text_OfAnyKind_ComesBackAsItWasAndIsOneLine()
    {
        using var folder = new TemporaryFolder();
        using var log = SqliteIndexes.TimingLog(folder.Paths, new FakeTimeProvider(Noon));
        var written = new List<(string Id, string Task, string Result)>();
        FixedSample.Run(Gen.Select(AnyText, AnyText, AnyText), 300, texts => written.Add(texts));
        var all = string.Concat(Enumerable.Range(0, 0x2430).Select(static code => (char)code));
        written.Add(("every character", all, all));
        written = written
            .Where(static row =>
                !string.IsNullOrWhiteSpace(row.Id) && !string.IsNullOrWhiteSpace(row.Task) && !string.IsNullOrWhiteSpace(row.Result)
            )
            .DistinctBy(static row => Utf8(row.Id), StringComparer.Ordinal)
            .ToList();

        foreach (var (id, task, result) in written)
        {
            await log.RecordAsync(new TimingRecord(task, "code", Noon, Noon, id, Result: result), TestContext.Current.CancellationToken);
        }

        var reading = TimingLogReader.Read(folder.Paths);
        reading.Diagnostics.Should().BeEmpty();
        reading
            .Entries.Select(static entry => (entry.TaskId, entry.Task, entry.Result))
            .Should()
            .Equal(written.Select(static row => (Utf8(row.Id), Utf8(row.Task), Utf8(row.Result))));
        written.Count.Should().BeGreaterThan(200);
    }

    [Fact]
    public void Bytes_OfAnyKind_AreCountedLineByLineAndEachFindingNamesOne()
    {
        var bytes = Gen.OneOf(
                Gen.Byte.Array[0, 60],
                TimingRows.Lines,
                Gen.Const("\n"u8.ToArray()),
                Gen.Const(Encoding.Unicode.GetBytes("2026-01-02T10:00\tx\n")),
                Gen.Const(new byte[] { 0xFF, 0xFE })
            )
            .Array[0, 8]
            .Select(static pieces => pieces.SelectMany(static piece => piece).ToArray());
        FixedSample.Run(
            bytes,
            3000,
            static file =>
            {
                var reading = TimingLogReader.Parse(file, "f");
                if (file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
                {
                    return;
                }

                var lines = file.Count(static one => one == '\n') + (file is [] or [.., (byte)'\n'] ? 0 : 1);
                (reading.Entries.Count + reading.Headers + reading.BlankLines + reading.NotUnderstood).Should().Be(lines);
                reading.Diagnostics.All(diagnostic => diagnostic.Line >= 1 && diagnostic.Line <= lines).Should().BeTrue();
                reading
                    .Diagnostics.Count(static diagnostic => diagnostic.Severity == Core.Diagnostics.DiagnosticSeverity.Error)
                    .Should()
                    .Be(reading.NotUnderstood);
                reading.RepairedRows.Should().BeLessThanOrEqualTo(reading.Entries.Count);
                TimingReport.Create(reading).Total.Count.Should().Be(reading.Entries.Count(static entry => entry.IsComplete));
            },
            Convert.ToHexString
        );
    }

    [Fact]
    public void Append_ToWhatStandsThere_LeavesItInFront()
    {
        var before = Gen.OneOf(
            Gen.Byte.Array[0, 80],
            TimingRows.Lines,
            FixedSample.OneOf(
                "\uFEFF"u8.ToArray(),
                "a\r\nb\r\n"u8.ToArray(),
                "\uFEFFx\r\n"u8.ToArray(),
                "no end"u8.ToArray(),
                "\r"u8.ToArray(),
                "\0"u8.ToArray(),
                Encoding.UTF8.GetBytes(TimingRow.Header)
            )
        );
        FixedSample.Run(
            before,
            150,
            static content =>
            {
                using var folder = new TemporaryFolder();
                File.WriteAllBytes(folder.Paths.Timing, content);
                using var log = SqliteIndexes.TimingLog(folder.Paths, new FakeTimeProvider(Noon));
                var isUtf16 = content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];

                var record = log.RecordAsync(new TimingRecord("a task", "code", Noon, Noon.AddSeconds(2), "the-new-one"));
                ((IAsyncResult)record).AsyncWaitHandle.WaitOne();

                var after = File.ReadAllBytes(folder.Paths.Timing);
                after.AsSpan(0, content.Length).SequenceEqual(content).Should().BeTrue();
                if (isUtf16)
                {
                    record.IsFaulted.Should().BeTrue();
                    after.Should().HaveCount(content.Length);
                    return;
                }

                var end = EndsInWindowsLine(content) ? "\r\n" : "\n";
                Encoding
                    .UTF8.GetString(after.AsSpan(content.Length))
                    .Should()
                    .EndWith("\tthe-new-one\t2026-01-02T12:00:00.000Z\t2026-01-02T12:00:02.000Z\t2\ta task\tcompleted\tnormal" + end);
                Assert.Contains(TimingLogReader.Parse(after, "f").Entries, static entry =>
                    entry.TaskId == "the-new-one" && entry.DurationSeconds == 2
                );
            },
            Convert.ToHexString
        );
    }

    private static bool EndsInWindowsLine(byte[] content)
    {
        var last = Array.LastIndexOf(content, (byte)'\n');
        return last > 0 && content[last - 1] == '\r';
    }

    private static string Utf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
