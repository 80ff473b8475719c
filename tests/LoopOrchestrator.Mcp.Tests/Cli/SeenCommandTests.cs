using System.Text.Json;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>runs seen</c>: what <c>status</c> shows as failed or done is not shown again.</summary>
public sealed class SeenCommandTests : IDisposable
{
    private const string Hint = "loop-orchestrator runs seen RUN (or --all)";

    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Seen_OneRunByPartOfItsId_IsGoneFromTheStatusAndTheOthersStay()
    {
        var failed = await EndAsync("one", "failed");
        var done = await EndAsync("two", "succeeded");
        (await StatusAsync()).Should().MatchRegex($"failed .*{failed}").And.MatchRegex($"done .*{done}").And.Contain(Hint);

        var told = await _command.SucceedAsync("runs", "seen", failed[^8..]);

        told.Should().MatchRegex($"failed +{failed} +code: one\n").And.Contain("1 more waits to be seen");
        (await StatusAsync()).Should().NotContain(failed).And.Contain(done);
        (await _command.SucceedAsync("runs", "seen", failed)).Should().Contain("Nothing of that waited to be seen");

        (await _command.SucceedProgramAsync("runs", "seen", done)).Should().Contain("Nothing else waits to be seen.");
        (await StatusAsync()).Should().NotContain("NEEDS YOU").And.NotContain(Hint);
    }

    [Fact]
    public async Task Seen_RunsOfASchedule_AreOneUpToTheNamedRun()
    {
        _command.WriteSchedule();
        var first = await EndScheduledAsync("first");
        var second = await EndScheduledAsync("second");
        (await StatusAsync()).Should().MatchRegex($"done .*{second} +The plan \\(2\\)");

        (await _command.SucceedAsync("runs", "seen", first)).Should().MatchRegex($"done[^\n]*{first} +The plan\n").And.Contain("1 more");

        (await StatusAsync()).Should().MatchRegex($"done .*{second} +The plan +second");
        (await _command.SucceedAsync("runs", "seen", first)).Should().Contain("nothing was changed");
        (await _command.SucceedAsync("runs", "seen", "last")).Should().Contain("Nothing else");
    }

    [Theory]
    [InlineData("--all", "failed,done")]
    [InlineData("--done", "done")]
    public async Task Seen_AllOrAllThatIsDone_IsWhatItSays(string option, string kinds)
    {
        var failed = await EndAsync("one", "failed");
        await EndAsync("two", "succeeded");

        using var document = JsonDocument.Parse(await _command.SucceedAsync("runs", "seen", option, "--json"));

        var seen = document.RootElement.GetProperty("seen").EnumerateArray().ToList();
        seen.Select(static one => one.GetProperty("kind").GetString()).Should().Equal(kinds.Split(','));
        seen[^1].GetProperty("title").GetString().Should().Be("code: two");
        seen[^1].GetProperty("run_id").GetString().Should().StartWith("run-");
        seen[^1].GetProperty("until").GetDateTimeOffset().Should().BeBefore(TimeProvider.System.GetUtcNow());
        (await StatusAsync()).Contains(failed, StringComparison.Ordinal).Should().Be(kinds == "done");
        (await _command.SucceedAsync("runs", "seen", option, "--json")).Should().Contain("\"seen\": []");
    }

    [Fact]
    public async Task Seen_WhatCannotBe_IsRefusedAndNothingOfTheRestIsRecorded()
    {
        var failed = await EndAsync("one", "failed");
        var asks = await EndAsync("two", "needs_input", "--question", "Red?");
        var waits = await QueueAsync("three");
        var gone = await QueueAsync("four");
        await _command.SucceedAsync("runs", "cancel", gone);

        (await _command.FailAsync("runs", "seen", failed, asks)).Should().Contain($"'loop-orchestrator runs answer {asks} ANSWER'");
        (await _command.FailAsync("runs", "seen", failed, waits)).Should().Contain($"Run {waits} is queued. It can be seen when it has");
        (await _command.FailAsync("runs", "seen", failed, gone)).Should().Contain("is cancelled, and nobody is asked to look at that");
        (await _command.FailAsync("runs", "seen", failed, "run-none")).Should().Contain("There is no run 'run-none'");

        (await StatusAsync()).Should().Contain(failed);
    }

    [Theory]
    [InlineData]
    [InlineData("--all", "--done")]
    [InlineData("last", "--all")]
    public async Task Seen_NeitherThisNorThat_IsAUsageError(params string[] arguments)
    {
        var result = await _command.RunAsync(["runs", "seen", .. arguments]);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("runs seen takes RUN_IDs, --all or --done");
    }

    [Fact]
    public async Task Seen_ByAShell_IsCompleted()
    {
        (await CommandLineHere.RunAsync("[suggest:25]", "loop-orchestrator runs se")).Output.Should().Contain("seen");
        (await CommandLineHere.RunAsync("[suggest:30]", "loop-orchestrator runs seen --"))
            .Output.Should()
            .Contain("--all")
            .And.Contain("--done");
    }

    [Fact]
    public async Task Seen_WhatIsToldAsAnEscalation_StaysThere()
    {
        await RecordedState.EndAsync(_command.Workspace.Paths, failures: 3, TestContext.Current.CancellationToken);

        (await _command.SucceedAsync("runs", "seen", "--all")).Should().Contain("Nothing of that waited to be seen");

        (await StatusAsync()).Should().MatchRegex("blocked .*code: the same");
    }

    private async Task<string> StatusAsync()
    {
        // Up to the table of what needs a person; the same runs stand in others below it.
        var output = (await _command.RunAsync("status")).Output;
        var begins = output.IndexOf("NEEDS YOU", StringComparison.Ordinal);
        return begins < 0 ? output[..output.IndexOf("Workspace", StringComparison.Ordinal)] : output[begins..].Split("\n\n")[0];
    }

    private async Task<string> QueueAsync(string task)
    {
        using var run = JsonDocument.Parse(await _command.SucceedAsync("run", "code", task, "--json"));
        return run.RootElement.GetProperty("run_id").GetString()!;
    }

    private async Task<string> EndAsync(string task, string outcome, params string[] more)
    {
        var id = await QueueAsync(task);
        return await EndRunAsync(id, task, outcome, more);
    }

    private async Task<string> EndScheduledAsync(string summary)
    {
        await _command.SucceedAsync("schedules", "trigger", "plan");
        using var runs = JsonDocument.Parse(await _command.SucceedAsync("runs", "list", "--state", "queued", "--json"));
        return await EndRunAsync(runs.RootElement.GetProperty("runs")[0].GetProperty("run_id").GetString()!, summary, "succeeded");
    }

    private async Task<string> EndRunAsync(string id, string summary, string outcome, params string[] more)
    {
        using var claimed = JsonDocument.Parse(await _command.SucceedAsync("runs", "claim", id, "--json"));
        var token = claimed.RootElement.GetProperty("lease_token").GetString()!;
        await _command.SucceedAsync(["runs", "complete", id, outcome, summary, "--lease-token", token, .. more]);
        return id;
    }
}
