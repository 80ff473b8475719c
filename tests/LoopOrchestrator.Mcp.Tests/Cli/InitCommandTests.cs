using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>init</c> with somebody at a terminal, and without.</summary>
public sealed class InitCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Init_WithAPersonThere_AsksShowsAndWritesWhatWasAnswered()
    {
        Directory.CreateDirectory(Path.Combine(_command.Workspace.Root, ".git"));
        _command.Workspace.Write(".gitignore", "bin/");

        var result = await AnswerAsync("claud\nclaude\nsometimes\n30 minutes\nyes\n\n\n");

        result.ExitCode.Should().Be(0, result.Error);
        result
            .Output.Should()
            .Contain("Who does the work? [handoff]")
            .And.Contain("Did you mean claude?")
            .And.Contain("'sometimes' is no interval")
            .And.Contain("mcp_startup.json is written:")
            .And.Contain("Do it? [Y/n]");
        _command.Workspace.Read("mcp_startup.json").Should().Contain("\"preset\": \"claude\"");
        _command.Workspace.Read("schedules.json").Should().Contain("\"timeInterval\": \"30\"").And.Contain("\"active\": true");
        _command.Workspace.Read(".gitignore").Should().Be("bin/\n/.loop/\n");
        (await _command.RunAsync("status")).Output.Should().Contain("Choose the next step");

        // Nothing is left to ask but trust, which was not given, and what is there stays.
        var again = await AnswerAsync("n\ny\n");
        again.ExitCode.Should().Be(0, again.Error);
        again.Output.Should().NotContain("Who does the work?").And.NotContain("How often").And.Contain("stays as it is");
    }

    [Theory]
    [InlineData("\n\n\nn\n", 1)]
    [InlineData("\n", 1)]
    public async Task Init_WithAPersonWhoSaysNoOrGoes_WritesNothing(string answers, int expected)
    {
        (await AnswerAsync(answers)).ExitCode.Should().Be(expected);

        Directory.EnumerateFileSystemEntries(_command.Workspace.Root).Should().BeEmpty();
    }

    [Fact]
    public async Task Init_WithYesOrNobodyThere_TakesDefaultsAndOptions()
    {
        var result = await AnswerAsync("", "--yes", "--agent", "codex", "--git-ignore");

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().NotContain("?");
        _command.Workspace.Read("mcp_startup.json").Should().Contain("\"preset\": \"codex\"");
        _command.Workspace.Read("schedules.json").Should().Contain("\"active\": false");
        _command.Workspace.Read(".gitignore").Should().Be("/.loop/\n");

        (await _command.SucceedAsync("init", "--git-ignore", "--agent", "claude"))
            .Should()
            .NotContain("written ")
            .And.Contain("so --agent changes nothing");
        _command.Workspace.Read(".gitignore").Should().Be("/.loop/\n");
    }

    [Fact]
    public async Task Init_WithTrust_RecordsItForWhatItHasWritten()
    {
        (await _command.SucceedAsync("init", "--agent", "claude", "--every", "6 hours", "--trust"))
            .Should()
            .Contain("is trusted")
            .And.NotContain("programs may be started:");

        (await _command.SucceedAsync("trust", "--show", "--json")).Should().Contain("claude");
        (await _command.RunAsync("status", "--json")).Output.Should().Contain("\"trusted\": true");
    }

    [Fact]
    public async Task Init_WithAnIgnoreFileOfAnotherEncoding_KeepsItsBytesAndAddsTheLine()
    {
        byte[] before = [0x62, 0xFC, 0x72, 0x6F, 0x0D, 0x0A, 0x2F, 0xE9];
        var file = Path.Combine(_command.Workspace.Root, ".gitignore");
        await File.WriteAllBytesAsync(file, before, TestContext.Current.CancellationToken);

        await _command.SucceedAsync("init", "--git-ignore");

        (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).Should().Equal([.. before, .. "\r\n/.loop/\r\n"u8]);
    }

    [Fact]
    public async Task Init_WithAnIgnoreFileInUtf16_RefusesTheLineAndWritesNothing()
    {
        var file = Path.Combine(_command.Workspace.Root, ".gitignore");
        byte[] before = [0xFF, 0xFE, 0x61, 0x00];
        await File.WriteAllBytesAsync(file, before, TestContext.Current.CancellationToken);

        (await _command.FailAsync("init", "--git-ignore")).Should().Contain("UTF-16").And.Contain("Nothing was written");

        (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).Should().Equal(before);
        Directory.EnumerateFileSystemEntries(_command.Workspace.Root).Should().Equal(file);
    }

    [Fact]
    public async Task Init_OfAWorkspaceThatNamesPrograms_ShowsThemBeforeItAsksForTrust()
    {
        _command.Workspace.Write(
            "mcp_startup.json",
            """{"defaultAgent":"odd","agents":{"odd":{"kind":"cli","command":["odd-program","--all"],"prompt":"stdin"}}}"""
        );

        var result = await AnswerAsync("\nn\nn\n");

        var asked = result.Output.IndexOf("May the programs that this workspace names be started?", StringComparison.Ordinal);
        asked.Should().BePositive(result.Output + result.Error);
        result.Output[..asked].Should().Contain("odd-program");
        (await _command.RunAsync("status", "--json")).Output.Should().Contain("\"trusted\": false");
    }

    [Fact]
    public async Task Init_WithSchedulesOfRoo_SaysThatEveryChangesNothing()
    {
        _command.Workspace.Write(".roo/schedules.json", """{"schedules":[]}""");

        (await _command.SucceedAsync("init", "--every", "30 minutes")).Should().Contain("--every changes nothing");
    }

    [Theory]
    [InlineData("--agent", "nobody")]
    [InlineData("--every", "0 minutes")]
    [InlineData("--every", "often")]
    public async Task Init_WithAnOptionThatIsNone_IsAUsageError(string option, string value) =>
        (await _command.RunAsync("init", option, value)).ExitCode.Should().Be(2);

    private Task<ProcessResult> AnswerAsync(string answers, params string[] arguments) =>
        CommandLineHere.RunAnsweredAsync(answers, ["--workspace", _command.Workspace.Root, "init", .. arguments]);
}
