using System.Text.Json;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tests.Tools;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>What a person types at a terminal in a day: parts of ids, slips of the finger, questions of scripts.</summary>
public sealed class PersonsDayTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Ids_InPart_AreUnderstoodWhereOnlyOneFits()
    {
        var first = await QueueAsync("one");
        var second = await QueueAsync("two");

        foreach (var part in (string[])[first, first[^8..], first[^6..], $"run-…{first[^6..]}", $"run-...{first[^6..]}"])
        {
            (await _command.SucceedAsync("runs", "show", part)).Should().Contain(first);
        }

        (await _command.SucceedAsync("runs", "show", "last")).Should().Contain(second);
        (await _command.FailAsync("runs", "show", "run-"))
            .Should()
            .Contain("fits more than one run")
            .And.Contain(first)
            .And.Contain(second);
        (await _command.FailAsync("runs", "show", "xyz"))
            .Should()
            .Contain("There is no run 'xyz'")
            .And.Contain("'loop-orchestrator runs list'")
            .And.NotContain("list_runs");
        (await _command.SucceedAsync("runs", "cancel", first[^6..])).Should().Contain($"Run {first} is cancelled");
        (await _command.SucceedAsync("runs", "claim", second[^8..])).Should().Contain(second);
    }

    [Fact]
    public async Task Schedules_InPart_AreUnderstoodWhereOnlyOneFits()
    {
        _command.WriteSchedule("1744-nightly");

        (await _command.SucceedAsync("schedules", "trigger", "nightly")).Should().Contain("1744-nightly");
        (await _command.SucceedAsync("pause", "1744")).Should().Contain("'1744-nightly' is paused");
        (await _command.SucceedAsync("resume", "1744")).Should().Contain("'1744-nightly' goes on");
    }

    [Fact]
    public async Task Ids_InAFewCharacters_NameNothing()
    {
        _command.WriteSchedule("next-step");
        var file = _command.Workspace.Read("schedules.json");
        var id = await QueueAsync("one");

        foreach (var part in (string[])[id[^1..], id[^3..], "run-", $"…{id[^3..]}"])
        {
            (await _command.FailAsync("runs", "cancel", part)).Should().Contain("too short").And.Contain(id);
        }

        (await _command.SucceedAsync("runs", "show", id)).Should().MatchRegex("State +queued");
        (await _command.FailAsync("pause", "nex")).Should().Contain("too short");
        foreach (var part in (string[])["p", "next", "next-ste", "…step"])
        {
            (await _command.FailAsync("schedules", "delete", part)).Should().Contain("'next-step'");
        }

        _command.Workspace.Read("schedules.json").Should().Be(file);
        (await _command.SucceedAsync("schedules", "delete", "next-step")).Should().Contain("Deleted 'next-step'");
    }

    [Theory]
    [InlineData("Did you mean 'status'?", "statuss")]
    [InlineData("Did you mean 'list'?", "runs", "lst")]
    [InlineData("Did you mean '--limit'?", "runs", "list", "--limt", "3")]
    [InlineData("Must be one of: queued, running, succeeded, failed", "runs", "list", "--state", "done")]
    [InlineData("Did you mean 'succeeded'?", "runs", "list", "--state", "Succeded")]
    [InlineData("Did you mean 'succeeded'?", "runs", "complete", "run-x", "Succeeded", "x")]
    [InlineData("argument 'li%st'.", "runs", "li\nst")]
    [InlineData("argument 'a%%'b''.", "status", "a\n\t'b'")]
    [InlineData("'do%ne' not recognized. Must be one of: queued, running, succeeded", "runs", "list", "--state", "do\nne")]
    [InlineData("--limit is '1%2' and must be a whole number", "runs", "list", "--limit", "1\n2")]
    public async Task UsageErrors_OfASlip_NameTheNearestAndAreLines(string expected, params string[] arguments)
    {
        var result = await _command.RunAsync(arguments);

        result.ExitCode.Should().Be(2);
        result
            .Error.Replace("\\n", "%", StringComparison.Ordinal)
            .Replace("\\t", "%", StringComparison.Ordinal)
            .Should()
            .Contain(expected)
            .And.NotContain(expected.Contains('%', StringComparison.Ordinal) ? "\t" : "%");
        result
            .Error.TrimEnd()
            .Split('\n')
            .Should()
            .OnlyContain(static line =>
                line.StartsWith("error: ", StringComparison.Ordinal) || line.StartsWith("Run '", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Mode_OfEachCommand_IsNamedAlike()
    {
        (await _command.SucceedAsync("schedules", "save", "n", "--mode", "ask", "--name", "N", "--task", "x", "--interval", "1 day"))
            .Should()
            .Contain("Created 'n'");
        (await _command.SucceedAsync("runs", "claim", "--mode-slug", "ask")).Should().Contain("No hand-off waits");
        (await _command.SucceedAsync("runs", "claim", "--mode", "ask", "--wait", "1")).Should().Contain("No hand-off came within 1 s.");
        (await _command.SucceedAsync("timing", "list", "--mode-slug", "ask")).Should().Contain("0 complete");
    }

    [Theory]
    [InlineData("runs", "runs", "list")]
    [InlineData("run_id", "runs", "show", "last")]
    [InlineData("seen", "runs", "seen", "--all")]
    [InlineData("output", "runs", "log", "last")]
    [InlineData("run_id", "run", "code", "again")]
    [InlineData("lease_token", "run", "code", "again", "--take")]
    [InlineData("lease_token", "runs", "claim")]
    [InlineData("next", "runs", "claim", "--mode", "ask")]
    [InlineData("findings", "modes", "lint")]
    [InlineData("schedules", "schedules", "list")]
    [InlineData("occurrences", "schedules", "history")]
    [InlineData("cycles", "cycles", "list")]
    [InlineData("escalations", "escalations", "list")]
    [InlineData("modes", "modes", "list")]
    [InlineData("role_definition", "modes", "show", "code")]
    [InlineData("workflows", "workflows", "list")]
    [InlineData("stages", "workflows", "show")]
    [InlineData("items", "todo", "list")]
    [InlineData("entries", "memory", "show")]
    [InlineData("hits", "memory", "search", "x")]
    [InlineData("latest", "timing", "list")]
    [InlineData("attention", "status")]
    [InlineData("problems", "doctor")]
    [InlineData("entries", "trust", "--show")]
    public async Task Json_OfACommandThatPrintsData_IsOneDocument(string member, params string[] arguments)
    {
        await QueueAsync("one");

        var result = await _command.RunAsync([.. arguments, "--json"]);

        using var document = JsonDocument.Parse(result.Output);
        document.RootElement.TryGetProperty(member, out _).Should().BeTrue(result.Output);
    }

    [Fact]
    public async Task List_InPages_GoesOnBehindTheCursor()
    {
        var first = await QueueAsync("one");
        var second = await QueueAsync("two");

        using var page = JsonDocument.Parse(await _command.SucceedAsync("runs", "list", "--limit", "1", "--json"));
        var cursor = page.RootElement.GetProperty("next_cursor").GetString()!;

        page.RootElement.GetProperty("runs").GetRawText().Should().Contain(second).And.NotContain(first);
        (await _command.SucceedAsync("runs", "list", "--cursor", cursor)).Should().Contain(first).And.NotContain(second);
        (await _command.SucceedAsync("cycles", "list", "--cursor", cursor, "--json")).Should().Contain("\"cycles\": []");
        (await _command.FailAsync("runs", "list", "--cursor", "list_runs"))
            .Should()
            .Contain("cursor 'list_runs' is not one of 'loop-orchestrator runs list'");
        (await _command.FailAsync("cycles", "list", "--cursor", "x")).Should().Contain("'loop-orchestrator cycles list'");
    }

    [Theory]
    [InlineData("modes", "list")]
    [InlineData("modes", "show", "code")]
    public async Task Json_WhereTheConfigurationHasAnError_IsThatErrorAndNoTable(params string[] arguments)
    {
        _command.Workspace.Write("mcp_startup.json", "{");

        var result = await _command.RunAsync([.. arguments, "--json"]);

        result.ExitCode.Should().Be(3);
        result.Output.Should().BeEmpty();
        result.Error.Should().Contain("mcp_startup.json:1");
        (await _command.SucceedAsync(arguments)).Should().Contain("code");
    }

    [Fact]
    public async Task Decisions_OnATerminal_HaveTheOffsetOfTheirMoment()
    {
        await QueueAsync("one");

        var shown = await CommandLineHere.RunOnATerminalAsync(120, "runs", "show", "last", "--workspace", _command.Workspace.Root);

        shown
            .Output[shown.Output.IndexOf("Decisions", StringComparison.Ordinal)..]
            .Should()
            .MatchRegex("\n  20[0-9]{2}-[0-9-]{5} [0-9:]{8} \\+00:00  ");
    }

    [Fact]
    public async Task List_ThatIsCut_SaysSoAndHow()
    {
        await QueueAsync("one");
        await QueueAsync("two");

        (await _command.SucceedAsync("runs", "list", "--limit", "1")).Should().Contain("There are more").And.Contain("--limit N");
        (await _command.SucceedAsync("runs", "list", "--limit", "2")).Should().NotContain("There are more");
    }

    [Fact]
    public void CommandWords_OfTools_KnowEachThatACommandReplaces()
    {
        Directory
            .EnumerateFiles(RepositoryFiles.Find("src/LoopOrchestrator.Mcp/Tools/Definitions"))
            .Select(static file => Path.GetFileNameWithoutExtension(file))
            .Except(ListedTools.Of("files").Select(static tool => (string)tool["name"]!), StringComparer.Ordinal)
            .Should()
            .BeSubsetOf(CommandWords.OfTools.Keys, "a shell has its own for files, and every other tool has a command");
        CommandWords
            .Of($"Take it with {ToolNames.ClaimRun}, then {ToolNames.CompleteRun} (run_id 1). See 'get_run', src/claim_run.cs and my_own.")
            .Should()
            .Be(
                "Take it with 'loop-orchestrator runs claim', then 'loop-orchestrator runs complete' (run_id 1). "
                    + "See 'get_run', src/claim_run.cs and my_own."
            );
    }

    [Fact]
    public void ToolNames_EachThatIsMarked_IsATool() =>
        MarkedTools.Names.Should().NotBeEmpty().And.BeSubsetOf(CommandWords.OfTools.Keys);

    [Fact]
    public async Task Texts_OfOthers_KeepWordsThatAreNamesOfTools()
    {
        _command.WriteSchedule("run_mode", mode: "none-such");

        (await _command.FailAsync("runs", "show", "get_run"))
            .Should()
            .Contain("There is no run 'get_run'")
            .And.Contain("'loop-orchestrator runs list'");
        (await _command.RunAsync("status")).Output.Should().Contain("run_mode").And.NotContain("'loop-orchestrator run'");
        (await _command.RunAsync("doctor")).Output.Should().Contain("run_mode").And.NotContain("'loop-orchestrator run'");
        foreach (
            var arguments in (string[][])
                [
                    ["status", "--json"],
                    ["doctor", "--json"],
                    ["--info"],
                ]
        )
        {
            (await _command.RunAsync(arguments)).Output.Should().NotContain(ToolNames.Mark).And.NotContainEquivalentOf("ufdd0");
        }
    }

    [Fact]
    public async Task Errors_AndAttention_NameCommandsAndNoTools()
    {
        await RecordedState.EndAsync(_command.Workspace.Paths, failures: 3, TestContext.Current.CancellationToken);
        await QueueAsync("one");

        (await _command.RunAsync("status"))
            .Output.Should()
            .Contain("'loop-orchestrator escalations resolve'")
            .And.Contain("'loop-orchestrator runs claim'")
            .And.NotContain("resolve_escalation")
            .And.NotContain("claim_run");
        (await _command.FailAsync("run", "cod", "x")).Should().Contain("'loop-orchestrator modes list'").And.NotContain("list_modes");
    }

    private async Task<string> QueueAsync(string task)
    {
        using var run = JsonDocument.Parse(await _command.SucceedAsync("run", "code", task, "--json"));
        return run.RootElement.GetProperty("run_id").GetString()!;
    }
}
