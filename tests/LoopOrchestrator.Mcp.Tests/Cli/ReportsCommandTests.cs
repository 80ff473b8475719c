using System.Globalization;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Cli.Reports;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class ReportsCommandTests : IAsyncLifetime
{
    private static readonly string[] RunColumns = [.. ExportedRun.Columns.Select(static column => column.Name)];

    private readonly TemporaryWorkspace _workspace = new();

    private string Folder => Path.Combine(_workspace.Root, "month");

    public async ValueTask InitializeAsync() =>
        await MonthOfHistory.MakeAsync(
            Folder,
            days: 3,
            TimeProvider.System.GetUtcNow(),
            MonthOfHistory.Seed,
            TestContext.Current.CancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Report_OfAHistory_CountsWhatTheOtherCommandsCount()
    {
        var markdown = await SucceedAsync("report", "--period", "30d");
        var runs = (await SucceedAsync("runs", "export", "--format", "jsonl")).TrimEnd('\n').Split('\n');
        var stats = JsonNode.Parse(await SucceedAsync("timing", "stats", "--json"))!;

        markdown.Should().Contain($"| Runs | {runs.Length} asked for: ");
        markdown.Should().Contain($" in {(int)stats["total"]!["count"]!} intervals |");
        markdown.Should().Contain("| Unit tests of the night |", "schedules are called by their names");
        markdown.Should().Contain("## Slowest steps").And.Contain("| run-").And.Contain("USD");
        markdown.Should().MatchRegex(@"## Due moments\n\nThe ledger is (not )?complete: \d+ of \d+ due moments have an outcome");
    }

    [Fact]
    public async Task Report_IntoAFile_IsHtmlByItsNameAndReplacesNothingUnasked()
    {
        var file = Path.Combine(_workspace.Root, "report.html");

        (await SucceedAsync("report", "--output", file)).Should().StartWith($"The report of the last 7 days is in {file} (");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Should()
            .StartWith("<!DOCTYPE html>")
            .And.Contain("<svg ");
        var again = await CommandLineHere.RunAsync("--workspace", Folder, "report", "--output", file);
        again.ExitCode.Should().Be(1);
        again.Error.Should().Contain($"{file} exists, and nothing was written.");
        (await SucceedAsync("report", "--format", "md", "--force", "--output", file)).Should().Contain("bytes");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().StartWith("# month: the last 7 days\n");
    }

    [Fact]
    public async Task Report_OfNoPeriod_SaysWhatToWrite()
    {
        var result = await CommandLineHere.RunAsync("--workspace", Folder, "report", "--period", "yesterday");

        result.ExitCode.Should().Be(1);
        result.Error.Should().StartWith("error: 'yesterday' is no period. Write 7d");
    }

    [Fact]
    public async Task Report_OfAnEmptyFolder_IsOneAndMakesNothing()
    {
        var empty = Path.Combine(_workspace.Root, "empty");
        Directory.CreateDirectory(empty);

        var result = await CommandLineHere.RunAsync("--workspace", empty, "report");

        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain("No run was asked for.").And.Contain("0 of 0 due moments have an outcome");
        Directory.EnumerateFileSystemEntries(empty).Should().BeEmpty();
    }

    [Fact]
    public async Task RunsExport_InBothForms_HasTheSameRowsOnce()
    {
        var csv = CsvReader.Read(await SucceedAsync("runs", "export", "--format", "csv"));
        var json = (await SucceedAsync("runs", "export", "--format", "jsonl"))
            .TrimEnd('\n')
            .Split('\n')
            .Select(static line => JsonNode.Parse(line)!.AsObject())
            .ToList();

        csv[0].Should().Equal(RunColumns);
        json.Should().OnlyContain(static row => row.Select(static member => member.Key).SequenceEqual(RunColumns));
        json.Select(static row => (string)row["run_id"]!)
            .Should()
            .OnlyHaveUniqueItems()
            .And.Equal(csv.Skip(1).Select(static row => row[0]));
        json.Select(static row => (string)row["created_at"]!)
            .Select(static text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture))
            .Should()
            .BeInDescendingOrder();
        json.Should().Contain(static row => (string)row["kind"]! == "cycle").And.Contain(static row => row["evidence"] != null);
    }

    [Fact]
    public async Task RunsExport_FromAndTo_SelectsByWhenItWasAskedFor()
    {
        var all = CsvReader.Read(await SucceedAsync("runs", "export"));
        var created = Array.IndexOf(RunColumns, "created_at");
        var middle = all[all.Count / 2][created];

        var late = CsvReader.Read(await SucceedAsync("runs", "export", "--from", middle));
        var early = CsvReader.Read(await SucceedAsync("runs", "export", "--to", middle));

        late.Should().HaveCountGreaterThan(1);
        (late.Count + early.Count).Should().Be(all.Count + 1, "each has the line of the names, and each run is in one of them");
    }

    [Fact]
    public async Task TimingExport_TextsThatASpreadsheetExecutes_ArePlainTexts()
    {
        var folder = Path.Combine(_workspace.Root, "log");
        Directory.CreateDirectory(folder);
        string[] tasks = ["=1+1", "+1", "-1", "@SUM(A1)", "a,\"b\"", "␛[31mred", "ordinary = text", "\u202Eevil"];
        await File.WriteAllTextAsync(
            Path.Combine(folder, "task_timing.tsv"),
            "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                + string.Concat(
                    tasks.Select(
                        static (task, index) =>
                            $"2026-01-02T03:00:00Z\tcode\tid{index}\t2026-01-02T03:00:00Z\t2026-01-02T03:01:00Z\t60\t{task}\tdone\tnormal\n"
                    )
                )
                + "2026-01-04T03:00:00Z\tcode\topen\t2026-01-04T03:00:00Z\t\t\tNever done\tstarted\tnormal\nneither fish nor fowl\n",
            TestContext.Current.CancellationToken
        );

        var text = (await CommandLineHere.RunAsync("--workspace", folder, "timing", "export")).Output;
        var csv = CsvReader.Read(text);

        csv[0].Should().Equal("task_id", "state", "mode", "priority", "start_time", "end_time", "duration_seconds", "result", "task");
        csv.Skip(1)
            .Select(static row => row[8])
            .Should()
            .Equal("'=1+1", "'+1", "'-1", "'@SUM(A1)", "a,\"b\"", "\\u001b[31mred", "ordinary = text", "\\u202eevil", "Never done");
        csv[1].Should().Equal("id0", "complete", "code", "normal", "2026-01-02T03:00:00Z", "2026-01-02T03:01:00Z", "60", "done", "'=1+1");
        csv[^1].Should().Equal("open", "open", "code", "normal", "2026-01-04T03:00:00Z", "", "", "started", "Never done");
        text.Should().EndWith("\r\n");
        text.Replace("\r\n", "", StringComparison.Ordinal).Should().NotContain("\n");

        var lines = (await CommandLineHere.RunAsync("--workspace", folder, "timing", "export", "--format", "jsonl", "--from", "2026-01-03"))
            .Output.TrimEnd('\n')
            .Split('\n');
        JsonNode.Parse(lines.Should().ContainSingle().Which)!["task"]!.GetValue<string>().Should().Be("Never done");
        Directory.EnumerateFileSystemEntries(folder).Should().ContainSingle("looking makes nothing");
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await CommandLineHere.RunAsync(["--workspace", Folder, .. arguments]);
        result.ExitCode.Should().Be(0, "it said: {0}", result.Error);
        return result.Output;
    }
}
