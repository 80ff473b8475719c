using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.WorkFiles;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.WorkFiles;

/// <summary>What is tried to get at other files than those of the workspace, or at those that mean something to a program.</summary>
public sealed class WorkFileAttackTests : IDisposable
{
    private const string Secret = "the-user's-secret-8402";

    private readonly TestWorkspace _test = new();
    private readonly TemporaryFolder _outside = new();
    private readonly WorkFileService _files;

    public WorkFileAttackTests()
    {
        _files = new WorkFileService(_test.Paths, new Redactor([]), TimeProvider.System);
        File.WriteAllText(_outside.File("secret.txt"), Secret);
        foreach (var name in (string[])[".git/config", ".loop/locks/x", "sub/.git/hooks/post-commit", ".env", "keys/id_rsa", "a.txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllText(At(name), name == "a.txt" ? "plain" : Secret);
        }
    }

    public static TheoryData<string> Nowhere =>
        [
            "..",
            "../secret.txt",
            "sub/../../secret.txt",
            "./../x",
            "...",
            "sub/.. /x",
            "/etc/passwd",
            "//server/share/x",
            "\\\\server\\share\\x",
            "..\\secret.txt",
            "sub\\..\\..\\x",
            "C:\\Windows\\win.ini",
            "C:/Windows/win.ini",
            "c:x",
            "~/x",
            "a.txt\0.md",
            "a\nb",
            "a\u001b[2Jb",
            "half\ud800",
            ".git/config",
            ".GIT/config",
            ".git./config",
            ".g\u200cit/config",
            ".g\u034fit/config",
            ".git\ufe0f/config",
            "\uff0egit/config",
            "git~1/config",
            "sub/.git/hooks/post-commit",
            ".loop/locks/x",
            ".Loop/state.db",
            ".env",
            ".ENV",
            ".env.",
            ".env.local",
            ".e\u180bnv",
            ".\uff45nv",
            "keys/id_r\u115fsa",
            "keys/id_rsa",
            "keys/server.pem",
            ".aws/credentials",
        ];

    public static TheoryData<string> NotWritten =>
        [
            "CON",
            "nul.txt",
            "sub/com1.log",
            "aux",
            "LPT9",
            "COM¹",
            "name.",
            "name ",
            "dir./x",
            "a.txt:stream",
            "LONGNA~1.TXT",
            "sub~12/x",
            "longer~1.",
            "schedules.json",
            "SCHEDULES.json",
            "\u017Fchedules.json",
            ".roo/schedules.json",
            ".roomodes",
            "mcp_startup.json",
            "TODO.md",
            "todo.md",
            "TO\u17b4DO.md",
            "TODO\U000e0100.md",
            "\uff34ODO.md",
            "persi\ufb06ent-memory.md",
            "persistent-memory.md",
            "task_timing.tsv",
            "timing/task_timing-2026-01.tsv",
            ".mcp.json",
            ".vscode/mcp.json",
            ".codex/config.toml",
        ];

    public void Dispose()
    {
        _test.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [MemberData(nameof(Nowhere))]
    public async Task Path_ThatLeadsElsewhere_IsRefusedByEveryToolAndShowsNothing(string path)
    {
        foreach (var use in Uses(path))
        {
            (await use.Should().ThrowAsync<UserErrorException>())
                .Which.Message.Should()
                .NotContain(Secret)
                .And.NotContain(_test.Paths.Root);
        }

        FluentActions.Invoking(() => Rows(path)).Should().Throw<UserErrorException>().Which.Message.Should().NotContain(_test.Paths.Root);
        ShouldBeUnchanged();
    }

    [Theory]
    [MemberData(nameof(NotWritten))]
    public async Task Path_OfADeviceOrOfWhatDecides_IsNotWritten(string path)
    {
        await FluentActions
            .Awaiting(() => _files.WriteAsync(path, "x", append: false, null, TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*Nothing was *written*");

        ShouldBeUnchanged();
        Directory.Exists(At(".vscode")).Should().BeFalse();
    }

    [Theory]
    [InlineData("outside.txt", "outside.txt")]
    [InlineData("folder", "folder/secret.txt")]
    [InlineData("sub/link", "sub/link")]
    [InlineData("chain", "chain/secret.txt")]
    public async Task Path_ByALink_IsRefusedByEveryTool(string link, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        switch (link)
        {
            case "chain":
                Directory.CreateSymbolicLink(At("first"), _outside.FullPath);
                Directory.CreateSymbolicLink(At(link), At("first"));
                break;
            case "folder":
                Directory.CreateSymbolicLink(At(link), _outside.FullPath);
                break;
            default:
                File.CreateSymbolicLink(At(link), link == "sub/link" ? At("a.txt") : _outside.File("secret.txt"));
                break;
        }

        foreach (var use in Uses(path))
        {
            (await use.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Contain("link").And.NotContain(Secret);
        }

        var row = Rows(null).Single(row => row.Path == (link == "sub/link" ? "sub" : link));
        row.Kind.Should().Be(link == "sub/link" ? "folder" : "link");
        Rows(null, depth: 9).Should().NotContain(static row => row.Path.Contains("secret", StringComparison.Ordinal));
        Hits("secret").Should().BeEmpty();
        ShouldBeUnchanged();
    }

    [Fact]
    public async Task Write_WhereALinkTakesThePlaceOfTheFolderMeanwhile_ChangesNothingOutside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the path is looked at before and after.");
        Directory.CreateDirectory(At("work"));
        await File.WriteAllTextAsync(At("work/secret.txt"), "mine", TestContext.Current.CancellationToken);
        _files.Writer.BeforeReplace = () =>
        {
            Directory.Move(At("work"), At("moved"));
            Directory.CreateSymbolicLink(At("work"), _outside.FullPath);
        };

        await _files.WriteAsync("work/secret.txt", "new", append: false, null, TestContext.Current.CancellationToken);

        (await File.ReadAllTextAsync(At("moved/secret.txt"), TestContext.Current.CancellationToken)).Should().Be("new");
        ShouldBeUnchanged();
    }

    [Fact]
    public async Task Backups_WhosePlaceIsALink_AreNeitherReadNorWritten()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateDirectory(At(".loop/backups"));
        Directory.CreateSymbolicLink(At(".loop/backups/files"), _outside.FullPath);

        await FluentActions
            .Awaiting(() => _files.WriteAsync("a.txt", "new", append: false, null, TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*is a symbolic link*nothing was changed*");

        (await File.ReadAllTextAsync(At("a.txt"), TestContext.Current.CancellationToken)).Should().Be("plain");
        Directory.EnumerateFileSystemEntries(_outside.FullPath).Should().ContainSingle();
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("20260101T000000Z-00000000-1/../../../../a.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("20260101T000000Z-00000000-1\n")]
    public async Task Restore_OfAnIdThatIsNone_IsRefused(string id) =>
        (
            await FluentActions
                .Awaiting(() => _files.RestoreAsync(id, TestContext.Current.CancellationToken))
                .Should()
                .ThrowAsync<UserErrorException>()
        )
            .Which.Message.Should()
            .Contain("There is no backup");

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData(".git/config")]
    [InlineData("schedules.json")]
    public async Task Restore_OfABackupWhoseDescriptionWasChanged_WritesNowhereElse(string path)
    {
        var backup = await _files.BackUpAsync("a.txt", TestContext.Current.CancellationToken);
        var description = At($".loop/backups/files/{backup.Id}/backup.json");
        var text = await File.ReadAllTextAsync(description, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            description,
            text.Replace("a.txt", path, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        await FluentActions
            .Awaiting(() => _files.RestoreAsync(backup.Id, TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*Nothing was *written*");

        ShouldBeUnchanged();
    }

    private IEnumerable<Func<Task>> Uses(string path)
    {
        var token = TestContext.Current.CancellationToken;
        yield return () => Task.FromResult(_files.Read(path, 1, null, static text => text.Length, 1000));
        yield return () => Task.FromResult(_files.BackupsOf(path).Count == 0 ? throw new UserErrorException("link") : 0);
        yield return () => _files.BackUpAsync(path, token);
        yield return () => _files.WriteAsync(path, "x", append: false, null, token);
        yield return () => _files.WriteAsync(path, "x", append: true, null, token);
    }

    private IReadOnlyList<WorkFileRow> Rows(string? folder, int depth = 1) =>
        _files.List(folder, null, depth, null, static _ => 1, 1000, TestContext.Current.CancellationToken).Entries;

    private IReadOnlyList<WorkFileHit> Hits(string pattern) =>
        _files.Find(pattern, null, null, true, null, static _ => 1, 1000, TestContext.Current.CancellationToken).Hits;

    private void ShouldBeUnchanged()
    {
        File.ReadAllText(_outside.File("secret.txt")).Should().Be(Secret);
        Directory.EnumerateFileSystemEntries(_outside.FullPath).Should().ContainSingle();
        File.ReadAllText(At(".git/config")).Should().Be(Secret);
        File.ReadAllText(At(".env")).Should().Be(Secret);
        File.ReadAllText(At("a.txt")).Should().Be("plain");
        File.Exists(At("schedules.json")).Should().BeFalse();
    }

    private string At(string path) => Path.Combine(_test.Paths.Root, path);
}
