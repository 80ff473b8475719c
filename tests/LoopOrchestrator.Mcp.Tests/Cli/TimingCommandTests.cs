using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class TimingCommandTests : IDisposable
{
    private const string Header = "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n";

    private readonly CommandRun _command = new();

    public TimingCommandTests() =>
        _command.Workspace.Write(
            "task_timing.tsv",
            Header
                + Row("code", "one", "2026-01-02T03:00:00Z", 7200, "Build", "normal")
                + Row("ask", "two", "2026-01-03T03:00:00Z", 60, "Read", "todo")
                + "2026-01-04T03:00:00Z\tcode\tthree\t2026-01-04T03:00:00Z\t\t\tNever done\tstarted\tnormal\n"
                + "2026-01-04T03:00:00Z\tcode\tfour\t\t2026-01-04T03:00:00Z\t\tNever begun\tdone\tnormal\nneither fish nor fowl\n"
        );

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Stats_OfAMonth_ShowBarsTasksAndWhatIsLeftOut()
    {
        var output = await _command.SucceedProgramAsync("timing", "stats");

        output
            .Should()
            .MatchRegex("code +1 +2:00:00 +#{30}\n")
            .And.MatchRegex("ask +1 +0:01:00 +#\n")
            .And.MatchRegex("Build +1 +2:00:00")
            .And.MatchRegex("todo +1")
            .And.MatchRegex("2026-01-03 +1")
            .And.Contain("2 complete intervals, 2:01:00 in all; 1 longer than 1:00:00")
            .And.Contain("Only complete intervals count. Left out: 1 open, 1 ended without a start, 1 rows that could not be understood.");
    }

    [Fact]
    public async Task Rotate_MonthsThatAreOver_MovesThemAndReportsSayTheSame()
    {
        var before = await _command.SucceedAsync("timing", "stats");

        (await _command.SucceedAsync("timing", "rotate", "--dry-run")).Should().Contain("would move to timing/task_timing-2026-01.tsv");
        _command.Workspace.Read("task_timing.tsv").Should().Contain("Build");
        (await _command.SucceedAsync("timing", "rotate"))
            .Should()
            .MatchRegex(@"^5 lines \(\d+ bytes\) moved to timing/task_timing-2026-01.tsv");

        _command.Workspace.Read("task_timing.tsv").Should().Be(Header);
        (await _command.SucceedAsync("timing", "stats")).Should().Be(before);
        (await _command.SucceedAsync("timing", "rotate")).Should().StartWith("Nothing to move");
        _command.Workspace.Write("mcp_startup.json", """{"timing":{"rotate":false}}""");
        (await _command.SucceedAsync("timing", "rotate")).Should().Contain("Nothing was moved: It is switched off");
    }

    [Fact]
    public async Task List_Filters_SelectCompleteAndOpenOnes()
    {
        (await _command.SucceedAsync("timing", "list", "--mode", "code"))
            .Should()
            .Contain("Build")
            .And.Contain("Never done")
            .And.NotContain("Read")
            .And.Contain("1 complete intervals, 1 open");
        (await _command.SucceedAsync("timing", "list", "--priority", "todo")).Should().Contain("Read").And.NotContain("Build");
        (await _command.SucceedAsync("timing", "list", "--from", "2026-01-02T03:00:01Z", "--to", "2026-01-04"))
            .Should()
            .Contain("Read")
            .And.NotContain("Build")
            .And.Contain("0 open");
        (await _command.RunAsync("timing", "list", "--from", "soon"))
            .Should()
            .Match<Testing.Processes.ProcessResult>(result => result.ExitCode != 0 && result.Error.Contains("2026-01-31"));
    }

    [Fact]
    public async Task Stats_AsJson_AreWhatTheToolAnswers()
    {
        var answer = JsonNode.Parse(await _command.SucceedAsync("timing", "stats", "--json", "--longer-than", "59", "--limit", "1"))!;

        answer["total"]!["count"]!.GetValue<int>().Should().Be(2);
        answer["by_task"]![0]!["key"]!.GetValue<string>().Should().Be("Build");
        answer["over_limit_count"]!.GetValue<int>().Should().Be(2);
        answer["over_limit"]!.AsArray().Should().ContainSingle();
        answer["lines"]!["not_understood"]!.GetValue<int>().Should().Be(1);
        answer["findings"]![0]!.GetValue<string>().Should().StartWith("task_timing.tsv:6: error");
        answer["note"]!.GetValue<string>().Should().StartWith("Only complete intervals count.");
    }

    [Fact]
    public async Task Audit_OddRows_ListsLimitsOpenOnesAndUnreadableOnes()
    {
        var result = await _command.RunAsync("timing", "audit");

        result.ExitCode.Should().Be(0);
        result
            .Output.Should()
            .MatchRegex("2:00:00 +1:00:00 +passed +code +normal +one +Build")
            .And.MatchRegex("Open for longer[^\n]*\n[^\n]*\n[^\n]*three +Never done")
            .And.Contain("1 complete intervals are longer than 1:00:00, 1 are open, 1 rows could not be understood")
            .And.NotContain("Read");
        result.Error.Should().StartWith("task_timing.tsv:6: error").And.Contain("task_timing.tsv:5: warning");
        JsonNode.Parse(await _command.SucceedAsync("timing", "audit", "--json"))!["over"]![0]!["limit_seconds"]!
            .GetValue<int>()
            .Should()
            .Be(3600);
        Directory.Exists(_command.Workspace.Paths.State).Should().BeFalse();
    }

    [Fact]
    public async Task Sessions_SeveralHoldsOfTheLock_AreOneForEach()
    {
        (await _command.SucceedAsync("timing", "sessions")).Should().Contain("No process has held");
        _command.WriteSchedule();

        // Over HTTP: a server whose client has gone gives up within half a second what it cannot end, and its session would have crashed.
        await using (var server = await _command.StartHttpServerAsync())
        {
            await Testing.Eventually.FindAsync("a session that is held", async () =>
                await _command.SucceedAsync("timing", "sessions") is var output && output.Contains("holding", StringComparison.Ordinal)
                    ? output
                    : null
            );
            server.Terminate();
            await server.WaitForExitAsync();
        }

        (await _command.SucceedAsync("timing", "sessions")).Should().MatchRegex("1 +2[^\n]* ended ");
        JsonNode.Parse(await _command.SucceedAsync("timing", "sessions", "--json"))![0]!["state"]!.GetValue<string>().Should().Be("ended");
    }

    [Fact]
    public async Task Reindex_OfALog_SaysHowManyLinesThereAre() =>
        (await _command.SucceedAsync("timing", "reindex")).Should().Contain("6 lines of task_timing.tsv");

    private static string Row(string mode, string id, string start, int seconds, string task, string priority)
    {
        var end = DateTimeOffset.Parse(start).AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ");
        return $"{end}\t{mode}\t{id}\t{start}\t{end}\t{seconds}\t{task}\tcompleted\t{priority}\n";
    }
}
