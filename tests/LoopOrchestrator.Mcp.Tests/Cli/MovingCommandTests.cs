using System.Text.Json;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>export</c> and <c>import FILE</c>.</summary>
public sealed class MovingCommandTests : IDisposable
{
    private readonly CommandRun _from = new();
    private readonly CommandRun _to = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
        _elsewhere.Dispose();
    }

    private string File => _elsewhere.File("loop.tar.gz");

    [Fact]
    public async Task Export_BesideAServer_GoesOnBesideAnotherOneElsewhere()
    {
        _from.WriteSchedule(active: false);
        _from.Workspace.Write("TODO.md", "# Plan\n\n- [ ] Move the workspace\n");
        await using var old = _from.StartServer();
        await ServedAsync(_from, old.Id);
        var run = Id(await _from.SucceedAsync("run", "ask", "Where are we?", "--json"));
        await _from.SucceedAsync("memory", "append", "patterns", "Exports are one file.");
        await _from.SucceedAsync([
            "timing",
            "log",
            "record",
            "--task",
            "Packing",
            "--mode",
            "code",
            "--start",
            "2026-01-05T10:00:00Z",
            "--end",
            "2026-01-05T10:05:00Z",
        ]);
        var files = Shared(_from);

        // The same file, which is not another; without one, a server leaves no trace that others could see.
        _to.WriteSchedule(active: false);
        await using var next = _to.StartServer();
        await ServedAsync(_to, next.Id);

        var exported = await _from.SucceedAsync("export", "--output", File);
        var imported = await _to.SucceedAsync("import", File);

        exported.Should().Contain("1 run(s)").And.Contain(File);
        imported.Should().Contain(_from.Workspace.Root).And.Contain("loop-orchestrator trust");
        (await _to.SucceedAsync("runs", "show", run, "--json")).Should().Contain("Where are we?");
        Shared(_to).Should().Equal(files);
        (await _to.SucceedAsync("timing", "list")).Should().Contain("Packing");
        (await _to.SucceedAsync("runs", "claim", run, "--json")).Should().Contain(run, "what waited there waits here");
        (await _to.RunAsync("status")).Output.Should().Contain($"process {next.Id}", "servers of this machine stay known");
        (await _from.RunAsync("status")).Output.Should().Contain($"process {old.Id}");
    }

    [Fact]
    public async Task Import_IntoAWorkspaceWithAHistory_WantsToBeToldAndKeepsWhatItReplaces()
    {
        _from.Workspace.Write("TODO.md", "- [ ] There\n");
        await _from.SucceedAsync("run", "ask", "There?");
        await _from.SucceedAsync("export", "--output", File);
        _to.Workspace.Write("TODO.md", "- [ ] Here\n");
        var here = Id(await _to.SucceedAsync("run", "ask", "Here?", "--json"));

        var refused = await _to.RunAsync("import", File);
        var dry = await _to.SucceedAsync("import", File, "--dry-run", "--replace");

        refused.ExitCode.Should().Be(1);
        refused.Output.Should().Contain("TODO.md").And.Contain("1 run(s)");
        refused.Error.Should().Contain("--replace");
        dry.Should().Contain("Nothing was changed");
        _to.Workspace.Read("TODO.md").Should().Be("- [ ] Here\n");
        await _to.SucceedAsync("runs", "show", here);

        await _to.SucceedAsync("import", File, "--replace");

        _to.Workspace.Read("TODO.md").Should().Be("- [ ] There\n");
        (await _to.RunAsync("runs", "show", here)).ExitCode.Should().Be(1, "its record was replaced");
        Directory
            .EnumerateFiles(Path.Combine(_to.Workspace.Root, ".loop", "set-aside"))
            .Select(System.IO.File.ReadAllText)
            .Should()
            .Equal("- [ ] Here\n");

        // Once more is the same: nothing is another any more, and what is recorded comes from the same file.
        await _to.SucceedAsync("import", File, "--replace");
        _to.Workspace.Read("TODO.md").Should().Be("- [ ] There\n");
    }

    [Fact]
    public async Task Import_OfARunThatWasGoingOn_InterruptsItHereAndLeavesItThere()
    {
        var run = Id(await _from.SucceedAsync("run", "ask", "Where are we?", "--json"));
        await _from.SucceedAsync("runs", "claim", run);
        await _from.SucceedAsync("export", "--output", File);

        var imported = await _to.SucceedAsync("import", File);

        imported.Should().Contain("1 of them going on").And.Contain("are interrupted here");
        State(await _to.SucceedAsync("runs", "show", run, "--json")).Should().Be("interrupted");
        State(await _from.SucceedAsync("runs", "show", run, "--json")).Should().Be("running");
    }

    [Fact]
    public async Task Export_OntoAFileThatIsThere_LeavesIt()
    {
        await System.IO.File.WriteAllTextAsync(File, "mine", TestContext.Current.CancellationToken);

        (await _from.FailAsync("export", "--output", File)).Should().Contain("is there already");

        (await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken)).Should().Be("mine");
    }

    [Fact]
    public async Task Import_OfWhatIsNoExport_SaysSoAndChangesNothing()
    {
        _to.Workspace.Write("TODO.md", "- [ ] Here\n");
        var before = _to.Workspace.Snapshot();
        await System.IO.File.WriteAllTextAsync(File, "no archive", TestContext.Current.CancellationToken);

        (await _to.FailAsync("import", File)).Should().Contain("cannot be read as an export");
        (await _to.FailAsync("import", _elsewhere.File("missing.tar.gz"))).Should().Contain("does not exist");

        _to.Workspace.Snapshot().Should().Equal(before);
    }

    private static Task ServedAsync(CommandRun run, int server) =>
        Eventually.FindAsync("the server in the status", async () =>
            (await run.RunAsync("status")).Output is var text && text.Contains($"process {server}", StringComparison.Ordinal) ? text : null
        );

    private static string Id(string json) => Member(json, "run_id");

    private static string State(string json) => Member(json, "state");

    private static string Member(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }

    private static IReadOnlyList<string> Shared(CommandRun run) =>
        [.. new[] { "schedules.json", "TODO.md", "persistent-memory.md", "task_timing.tsv" }.Select(run.Workspace.Read)];
}
