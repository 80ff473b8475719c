using System.Diagnostics;
using System.Text;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>import modes</c> and <c>modes lint</c>.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private const string Own =
        "# ours\r\ncustomModes:\r\n    - slug: mine\r\n      name: Mine\r\n      roleDefinition: R\r\n      groups: [read]\r\n";

    private readonly CommandRun _command = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _command.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("import", "modes", "--json")]
    [InlineData("import", "modes", "a.yaml", "--dry-runs")]
    [InlineData("modes", "lint", "--fix")]
    [InlineData("memory", "search", "word", "--everything")]
    [InlineData("run", "code", "--help-me")]
    public async Task Command_WithAnOptionThatItDoesNotHave_TakesItForNoArgument(params string[] arguments)
    {
        var result = await CommandLineHere.RunAsync(arguments);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain($"'{arguments[^1]}' is no option of '{(arguments[0] == "run" ? "run" : arguments[1])}'");
        (await CommandLineHere.RunAsync("import", "modes", "--dry-runs")).Error.Should().Contain("Did you mean '--dry-run'?");
    }

    [Fact]
    public async Task Import_WithNothingNamed_FindsAllAndMergesThem()
    {
        _command.Workspace.Write(".roomodes", Own);
        _command.Workspace.Write(
            ".kilocodemodes",
            "customModes:\n  - slug: kilo\n    name: Kilo\n    roleDefinition: K\n    iconName: codicon-x\n    groups:\n  "
                + "    - read\n      - - edit\n        - fileRegex: \\.md$\n  - slug: mine\n    name: Other\n    "
                + "roleDefinition: O\n    groups: []\n"
        );
        _command.Workspace.Write(
            "custom_modes.yaml",
            "customModes:\n  - slug: kilo\n    name: Second\n    roleDefinition: S\n    groups: []\n"
        );
        _command.Workspace.Write(
            ".claude/agents/sub/Reviewer.md",
            "---\nname: Code Reviewer\ndescription: Reviews\ntools: Read, Task\nmodel: opus\n---\nYou review.\n\nBe strict.\n"
        );

        var dry = await _command.SucceedAsync("import", "modes", "--dry-run");
        dry.Should().Contain("Would be added: kilo, code-reviewer");
        _command.Workspace.Read(".roomodes").Should().Be(Own);

        var result = await _command.RunAsync("import", "modes");

        result.ExitCode.Should().Be(0, result.Error);
        result
            .Output.Should()
            .Contain("Added: kilo, code-reviewer")
            .And.Contain("(--replace takes the new ones): mine")
            .And.Contain(".loop/backups/.roomodes/");
        result
            .Error.Should()
            .Contain(".kilocodemodes:5: note: The field 'iconName'")
            .And.Contain("custom_modes.yaml: warning: Mode 'kilo' was found in .kilocodemodes already")
            .And.Contain(".claude/agents/sub/Reviewer.md:2: warning:")
            .And.Contain("Reviewer.md:5: note:")
            .And.Contain("'Task'");
        var merged = _command.Workspace.Read(".roomodes");
        merged.Should().StartWith(Own + "    - slug: kilo\r\n      name: Kilo\r\n");
        (await _command.SucceedAsync("modes", "lint")).Should().Be(".roomodes: 3 modes in force, 0 errors, 0 other findings.\n");
        (await _command.SucceedAsync("modes", "show", "code-reviewer"))
            .Should()
            .Contain("You review.")
            .And.Contain("Be strict.")
            .And.Contain("May    read");
        (await _command.SucceedAsync("modes", "show", "kilo")).Should().Contain("""edit (\.md$)""");

        var again = await _command.SucceedAsync("import", "modes");
        again.Should().Contain("Nothing was changed.");
        _command.Workspace.Read(".roomodes").Should().Be(merged);
    }

    [Fact]
    public async Task Import_WhatRooWouldRefuse_IsLeftOutAndTheFileStaysOneThatItTakes()
    {
        _command.Workspace.Write(".roomodes", Own);
        _command.Workspace.Write(
            ".kilocodemodes",
            "customModes:\n  - {slug: asker, name: 12, roleDefinition: R, groups: [read, ask], source: organization, description: }\n"
                + "  - {slug: odd, name: O, roleDefinition: R, groups: [[edit, {fileRegex: '(?i)x'}]]}\n"
        );

        var result = await _command.RunAsync("import", "modes");

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("Added: asker\n");
        result
            .Error.Should()
            .Contain("Mode 'asker' comes without what allows nothing: ask")
            .And.Contain("Mode 'odd' is left out: its 'fileRegex' is no regular expression of JavaScript");
        _command.Workspace.Read(".roomodes").Should().StartWith(Own).And.NotContain("ask\r").And.Contain("'12'");
        (await _command.SucceedAsync("modes", "lint")).Should().NotContain("Roo Code");
    }

    [Fact]
    public async Task Lint_FileThatRooRefuses_SaysSoAtItsPlaceAndFails()
    {
        _command.Workspace.Write(".roomodes", Own + "      description:\r\n");

        var result = await _command.RunAsync("modes", "lint");

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("warning: Roo Code refuses this file: mode 'mine': 'description' is empty");
    }

    [Fact]
    public async Task Lint_WithoutAFile_NamesWhatCouldBeImported()
    {
        _command.Workspace.Write(".kilocodemodes", Own);
        _command.Workspace.Write(".roo/.roomodes", Own.Replace("mine", "other", StringComparison.Ordinal));

        (await _command.SucceedAsync("modes", "lint"))
            .Should()
            .Contain(".kilocodemodes has 1 mode(s) that could be taken over: mine. 'loop-orchestrator import modes' does that.")
            .And.Contain(".roo/.roomodes has 1 mode(s)");
    }

    [Fact]
    public async Task Import_Replace_KeepsTheOldBytesAsABackup()
    {
        _command.Workspace.Write(".roomodes", Own);
        var other = _command.Workspace.Write(
            "other.json",
            """{"customModes":[{"slug":"mine","name":"New","roleDefinition":"N","groups":["edit"]}]}"""
        );

        var output = await _command.SucceedProgramAsync("import", "modes", other, "--replace");

        output.Should().Contain("Replaced: mine");
        _command
            .Workspace.Read(".roomodes")
            .Should()
            .Be(
                "# ours\r\ncustomModes:\r\n    - slug: mine\r\n      name: New\r\n      roleDefinition: 'N'\r\n      "
                    + "groups:\r\n        - edit\r\n"
            );
        Directory
            .EnumerateFiles(Path.Combine(_command.Workspace.Root, ".loop", "backups", ".roomodes"))
            .Select(File.ReadAllText)
            .Should()
            .Equal(Own);
    }

    [Fact]
    public async Task Import_OneFileWithAnError_TakesTheOthersAndEndsWith1()
    {
        _command.Workspace.Write(".claude/agents/bad.md", "no front matter");
        _command.Workspace.Write(".claude/agents/good.md", "---\nname: good\n---\nDo it.");

        var result = await _command.RunAsync("import", "modes");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("bad.md:1:1: error:");
        result.Output.Should().Contain("Added: good");
        _command.Workspace.Read(".roomodes").Should().StartWith("customModes:\n  - slug: good\n");
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("device")]
    [InlineData("folder that is none")]
    [InlineData("too large")]
    [InlineData("link to nothing")]
    public async Task Import_OneFileThatCannotBeRead_IsNamedAndTheOthersAreTaken(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no pipes of that kind there.");
        var good = _command.Workspace.Write("a/good.md", "---\nname: good\n---\nDo it.");
        var last = _command.Workspace.Write("a/last.md", "---\nname: last\n---\nDo it.");
        var bad = Path.Combine(_command.Workspace.Root, "a", "kept.yaml");
        switch (kind)
        {
            case "pipe":
                using (var made = Process.Start("mkfifo", [bad]))
                {
                    await made.WaitForExitAsync(TestContext.Current.CancellationToken);
                }

                break;
            case "device":
                bad = "/dev/zero";
                break;
            case "too large":
                await using (var file = File.Create(bad))
                {
                    file.SetLength(1L << 40);
                }

                break;
            case "link to nothing":
                File.CreateSymbolicLink(bad, "nowhere");
                break;
        }

        var result = await _command.RunAsync("import", "modes", good, bad, last);

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain(Path.GetFileName(bad) + ": error: ");
        result.Output.Should().Contain("Added: good, last");
    }

    [Fact]
    public async Task Import_AFolderWithAPipe_TakesTheOthers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no pipes of that kind there.");
        _command.Workspace.Write(".claude/agents/sub/good.md", "---\nname: good\n---\nDo it.");
        using (var made = Process.Start("mkfifo", [Path.Combine(_command.Workspace.Root, ".claude", "agents", "a.md")]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var result = await _command.RunAsync("import", "modes");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("a.md: error: ").And.Contain("pipe");
        result.Output.Should().Contain("Added: good");
    }

    [Fact]
    public async Task Import_AnAgentThatLinksOutside_IsNotTaken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var secret = Path.Combine(_outside.FullPath, "secret.md");
        await File.WriteAllTextAsync(secret, "---\nname: secret\n---\nof somebody", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_command.Workspace.Root, ".claude", "agents"));
        File.CreateSymbolicLink(Path.Combine(_command.Workspace.Root, ".claude", "agents", "a.md"), secret);
        File.CreateSymbolicLink(Path.Combine(_command.Workspace.Root, ".kilocodemodes"), secret);

        (await _command.FailAsync("import", "modes")).Should().Contain("nothing to import");
        File.Exists(Path.Combine(_command.Workspace.Root, ".roomodes")).Should().BeFalse();
    }

    [Fact]
    public async Task Import_BrokenRoomodes_IsRefusedAndLeft()
    {
        _command.Workspace.Write(".roomodes", "customModes: [\n");
        _command.Workspace.Write(".claude/agents/good.md", "---\nname: good\n---\nDo it.");

        (await _command.FailAsync("import", "modes")).Should().Contain(".roomodes").And.Contain("modes lint");
        _command.Workspace.Read(".roomodes").Should().Be("customModes: [\n");
    }

    [Fact]
    public async Task Import_NothingThere_SaysWhereItLooked() =>
        (await _command.FailAsync("import", "modes")).Should().Contain(".kilocodemodes, custom_modes.yaml, .roo/.roomodes, .claude/agents");

    [Fact]
    public async Task Import_NoSuchFile_IsAnError()
    {
        var result = await _command.RunAsync("import", "modes", "missing.yaml");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("error: There is no file or folder").And.Contain("missing.yaml");
        result.Output.Should().Contain("Nothing was changed.");
    }

    [Fact]
    public async Task Lint_ANamedFile_TellsPlacesAndEndsWith1()
    {
        var file = _command.Workspace.Write(
            "team/modes.yaml",
            "customModes:\n  - slug: a b\n    name: A\n    roleDefinition: R\n    groups: [browser]\n  - slug: ok\n    "
                + "name: Ok\n    roleDefinition: R\n    groups: []\n"
        );

        var result = await _command.RunAsync("modes", "lint", file);

        result.ExitCode.Should().Be(1);
        result
            .Output.Should()
            .Contain("team/modes.yaml:2:11: error:")
            .And.Contain("team/modes.yaml: 1 modes can be read, 1 errors, 1 other findings.");
        (await _command.FailAsync("modes", "lint", "missing")).Should().Contain("missing");
    }

    [Theory]
    [InlineData("cyclic")]
    [InlineData("binary")]
    [InlineData("deep")]
    [InlineData("huge")]
    [InlineData("twice")]
    public async Task LintAndImport_HostileFile_EndWithAnErrorAndNoCrash(string kind)
    {
        var content = kind switch
        {
            "cyclic" => "customModes: &a\n  - *a\n  - &b {slug: *b, groups: *a}\n"u8.ToArray(),
            "binary" => Enumerable.Range(0, 100_000).Select(static i => (byte)(i * 131)).ToArray(),
            "deep" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 200_000))),
            "huge" => new byte[5 * 1024 * 1024],
            _ => "customModes: []\ncustomModes: []\n"u8.ToArray(),
        };
        var file = Path.Combine(_command.Workspace.Root, ".kilocodemodes");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);

        (await _command.RunAsync("modes", "lint", file)).ExitCode.Should().Be(1);
        var import = await _command.RunAsync("import", "modes");
        import.ExitCode.Should().Be(1);
        import.Error.Should().Contain("error").And.NotContain("   at ");
        File.Exists(Path.Combine(_command.Workspace.Root, ".roomodes")).Should().BeFalse();
    }
}
