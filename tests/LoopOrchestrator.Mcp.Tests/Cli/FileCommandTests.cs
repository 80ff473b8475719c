using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class FileCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task ModesExport_IsReadBackWhole_AndReplacesNothingUnasked()
    {
        var yaml = await _command.SucceedAsync("modes", "export");
        RooModesFile
            .Read(System.Text.Encoding.UTF8.GetBytes(yaml), "x")
            .Modes.Select(static mode => mode.Slug)
            .Should()
            .Equal(BuiltInModes.All.Select(static mode => mode.Slug));

        var all = Path.Combine(_command.Workspace.Root, "all.yaml");
        _command.Workspace.Write(".roomodes", "customModes:\n  - slug: mine\n    name: Mine\n    roleDefinition: Me\n    groups: []\n");
        (await _command.FailProgramAsync("modes", "export", "--output", ".roomodes")).Should().Contain("--force");
        (await _command.SucceedAsync("modes", "export", "--all", "--output", all)).Should().Contain("25 modes");
        _command.Workspace.Read("all.yaml").Should().Contain("slug: mine");
        (await _command.SucceedAsync("modes", "export", "--output", all, "--force")).Should().Contain("24 modes");
        (await _command.SucceedAsync("modes", "show", "mine")).Should().Contain("Role").And.Contain(".roomodes");
        (await _command.SucceedAsync("modes", "lint")).Should().Contain("1 modes in force, 0 errors");
    }

    [Fact]
    public async Task ModesLint_WithAnError_EndsWithOne()
    {
        _command.Workspace.Write(".roomodes", "customModes:\n  - slug: bad slug!\n    name: Bad\n");

        var result = await _command.RunAsync("modes", "lint");

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain(".roomodes:2").And.Contain("error");
    }

    [Fact]
    public async Task MemoryShow_SectionAndQuery_LeaveOutWhatIsNotAskedFor()
    {
        _command.Workspace.Write(
            "persistent-memory.md",
            "# Development & Debug Commands\n\n- Use make check.\n\n# System Updates & Status\n\n- Other.\n"
        );

        (await _command.SucceedAsync("memory", "show", "--section", "commands", "--query", "make"))
            .Should()
            .Contain("make check")
            .And.NotContain("- -")
            .And.NotContain("Other")
            .And.NotContain("Patterns");
    }

    [Fact]
    public async Task TodoList_ShowsWhatIsOpen_AndAllWhenAsked()
    {
        _command.Workspace.Write("TODO.md", "# Plan\n\n- [ ] First\n- [x] Second\n");

        (await _command.SucceedAsync("todo", "list")).Should().Contain("[ ] First").And.NotContain("Second").And.Contain("1 open, 1 done");
        (await _command.SucceedAsync("todo", "list", "--all")).Should().Contain("[x] Second");
    }

    [Fact]
    public async Task Timing_OfALog_IsListedAndSummedUp()
    {
        _command.Workspace.Write(
            "task_timing.tsv",
            "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                + "2026-01-02T03:04:05Z\tcode\tt1\t2026-01-02T03:00:00Z\t2026-01-02T03:04:05Z\t245\tBuild\tok\tnormal\n"
        );

        (await _command.SucceedAsync("timing", "list")).Should().MatchRegex("0:04:05 +code +normal +t1 +Build +ok");
        (await _command.SucceedAsync("timing", "stats")).Should().MatchRegex("code +1 +0:04:05").And.Contain("2026-01-02");
    }

    [Fact]
    public async Task MemorySearch_WordsPhrasesAndLimits_FindWhatTheyName()
    {
        WriteRepeatedMemory();

        (await _command.SucceedAsync("memory", "search", "PORT", "--limit", "1"))
            .Should()
            .MatchRegex(@"^persistent-memory\.md:\d+ \[2026-01-01 00:00:00 \+00:00, code, x\]\s+The «port» is in use")
            .And.Contain("1 of 2 entries");
        (await _command.SucceedAsync("memory", "search", "port*", "--", "-use"))
            .Should()
            .Contain("«portable»")
            .And.Contain("1 of 1 entries");
        (await _command.SucceedAsync("memory", "search", "port", "--mode", "ask")).Should().Be("0 of 0 entries\n");
        (await _command.FailAsync("memory", "search", "\"")).Should().Contain("no word");
    }

    [Fact]
    public async Task MemoryCompact_DryRun_ChangesNothingAndTheRealOneMergesRepeats()
    {
        WriteRepeatedMemory();
        var before = _command.Workspace.Read("persistent-memory.md");

        (await _command.SucceedAsync("memory", "compact", "--dry-run")).Should().Contain("would be").And.Contain("1 repeated entries");
        _command.Workspace.Read("persistent-memory.md").Should().Be(before);
        (await _command.SucceedProgramAsync("memory", "compact"))
            .Should()
            .Contain("1 repeated entries")
            .And.Contain("0 oldest entries archived");
        _command.Workspace.Read("persistent-memory.md").Should().Contain("Seen**: 2 times").And.StartWith("# Non-Obvious");
    }

    [Fact]
    public async Task Memory_LimitsOfTheConfiguration_AreInForce()
    {
        _command.Workspace.Write("mcp_startup.json", """{ "memory": { "maxLines": 100 } }""");
        _command.Workspace.Write(
            "persistent-memory.md",
            "# System Updates & Status\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 60)
                        .Select(static number => $"\n## [2026-01-01T00:{number:00}:00.000Z] [code] - [x]\n- **Finding**: number {number}\n")
                )
        );

        (await _command.SucceedAsync("memory", "show")).Should().Contain("of 100 lines");
        (await _command.SucceedAsync("memory", "compact", "--headroom", "50"))
            .Should()
            .Contain("-> 50 lines")
            .And.MatchRegex(@"archived in \.loop/memory/archive-\d{4}-\d\d\.md");
        (await _command.SucceedAsync("memory", "search", "number", "--limit", "100"))
            .Should()
            .Contain("60 of 60 entries")
            .And.Contain("archived]");
    }

    [Fact]
    public async Task Todo_ByCommand_IsChanged()
    {
        _command.Workspace.Write("TODO.md", "# Plan\r\n\r\n- [ ] First\r\n");

        (await _command.SucceedProgramAsync("todo", "check", "first"))
            .Should()
            .MatchRegex(@"^[0-9a-f]{12} \[x\] First \(line 3, Plan\)\n0 open, 1 done");
        (await _command.SucceedAsync("todo", "check", "First")).Should().Contain("done already");
        (await _command.SucceedAsync("todo", "uncheck", "First")).Should().Contain("1 open, 0 done");
        (await _command.SucceedAsync("todo", "note", "First", "seen")).Should().Contain("[ ] First");
        (await _command.SucceedAsync("todo", "add", "Second", "--section", "Plan", "--acceptance", "it runs", "--note", "a", "--note", "b"))
            .Should()
            .Contain("2 open");
        (await _command.SucceedAsync("todo", "add", "second", "--section", "Plan")).Should().Contain("there already");
        (await _command.FailAsync("todo", "check", "Thrid")).Should().Contain("No item");
        _command
            .Workspace.Read("TODO.md")
            .Should()
            .Be("# Plan\r\n\r\n- [ ] First\r\n  - seen\r\n- [ ] Second\r\n  - **Acceptance**: it runs\r\n  - a\r\n  - b\r\n");
    }

    [Fact]
    public async Task Init_WritesWhatIsMissing_AndTheServerTakesIt()
    {
        _command.Workspace.Write("mcp_startup.json", "{ }");

        var output = await _command.SucceedProgramAsync("init");

        output
            .Should()
            .MatchRegex("kept +mcp_startup.json")
            .And.MatchRegex("written +schedules.json")
            .And.Contain("loop-orchestrator trust");
        _command.Workspace.Read("mcp_startup.json").Should().Be("{ }");
        Directory.Exists(_command.Workspace.Paths.State).Should().BeFalse();
        var set = ScheduleFile.Read(File.ReadAllBytes(_command.Workspace.Paths.Schedules), "schedules.json", TimeZoneInfo.Utc);
        set.Diagnostics.Should().NotContain(diagnostic => diagnostic.Severity != DiagnosticSeverity.Information);
        set.Schedules.Should().ContainSingle().Which.Active.Should().BeFalse();
        File.Delete(_command.Workspace.Paths.StartupFile);
        (await _command.SucceedAsync("init")).Should().MatchRegex("written +mcp_startup.json");
        (await _command.SucceedAsync("--info", "--mode", "stdio")).Should().Contain("\"status\": \"ok\"");
    }

    [Fact]
    public async Task Init_WithSchedulesOfRoo_DoesNotHideThem()
    {
        _command.Workspace.Write(".roo/schedules.json", "{\"schedules\":[]}");

        (await _command.SucceedAsync("init")).Should().MatchRegex(@"kept +\.roo/schedules\.json");

        File.Exists(_command.Workspace.Paths.Schedules).Should().BeFalse();
    }

    private void WriteRepeatedMemory()
    {
        const string Entry = "## [2026-01-01T00:00:00.000Z] [code] - [x]\n- **Finding**: The port is in use\n\n";
        _command.Workspace.Write(
            "persistent-memory.md",
            $"# Development & Debug Commands\n\n# System Updates & Status\n\n{Entry}{Entry}## Group\n- A portable group\n"
        );
    }
}
