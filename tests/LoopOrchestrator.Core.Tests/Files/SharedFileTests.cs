using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class SharedFileTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly string _lock;

    public SharedFileTests()
    {
        _path = _folder.File("notes.md");
        _lock = _folder.File("notes.lock");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChangeAsync_MissingFile_IsCreated()
    {
        await Create().ChangeAsync(old => (Bytes(old is null ? "new" : "?"), 0), Token);

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("new");
    }

    [Fact]
    public async Task ChangeAsync_ManyInstances_LosesNoChange()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(number =>
                    Task.Run(async () => await Create().ChangeAsync(old => (Bytes(Text(old) + $"{number}\n"), 0), Token), Token)
                )
        );

        (await File.ReadAllLinesAsync(_path, Token)).Should().BeEquivalentTo(Enumerable.Range(0, 50).Select(number => $"{number}"));
        using var free = FileLock.TryAcquire(_lock);
        free.Should().NotBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ChangeAsync_AppendedToAfterTheLastLook_KeepsWhatWasAppended(int times)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "An open file keeps what was written to it when its name leads elsewhere.");
        await File.WriteAllTextAsync(_path, "old\n", Token);
        var file = Create();
        var looks = 0;
        file.BeforeReplace = () =>
        {
            if (++looks <= times)
            {
                File.AppendAllText(_path, $"theirs {looks}\n");
            }
        };

        await file.ChangeAsync(
            old => (Text(old).EndsWith("ours\n", StringComparison.Ordinal) ? null : Bytes(Text(old) + "ours\n"), 0),
            Token
        );

        (await File.ReadAllLinesAsync(_path, Token))
            .Should()
            .BeEquivalentTo(["old", .. Enumerable.Range(1, times).Select(static number => $"theirs {number}"), "ours"]);
    }

    [Fact]
    public async Task ChangeAsync_EditorSavesMeanwhile_IsMadeOnItsText()
    {
        await File.WriteAllTextAsync(_path, "old", Token);
        var calls = 0;

        await Create()
            .ChangeAsync(
                old =>
                {
                    if (++calls == 1)
                    {
                        File.WriteAllText(_path, "edited");
                    }

                    return (Bytes(Text(old) + " and ours"), 0);
                },
                Token
            );

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("edited and ours");
        calls.Should().Be(2);
    }

    [Fact]
    public async Task ChangeAsync_EditorNeverStops_GivesUpAndKeepsItsText()
    {
        var calls = 0;

        await Create()
            .Awaiting(file =>
                file.ChangeAsync(
                        _ =>
                        {
                            File.WriteAllText(_path, $"edit {++calls}");
                            return (Bytes("ours"), 0);
                        },
                        Token
                    )
                    .AsTask()
            )
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*was changed by another program*nothing was written*");

        (await File.ReadAllTextAsync(_path, Token)).Should().Be($"edit {calls}");
        Directory.GetFiles(_folder.FullPath, "*.tmp").Should().BeEmpty();
    }

    [Fact]
    public async Task ChangeAsync_ChangeThrows_KeepsTheContentAndFreesTheLock()
    {
        await File.WriteAllTextAsync(_path, "old", Token);

        await Create()
            .Awaiting(file => file.ChangeAsync<int>(_ => throw new UserErrorException("no"), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("no");

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("old");
        using var free = FileLock.TryAcquire(_lock);
        free.Should().NotBeNull();
    }

    [Fact]
    public async Task ChangeAsync_TargetIsAFolder_IsAClearError()
    {
        Directory.CreateDirectory(_path);

        await Create()
            .Awaiting(file => file.ChangeAsync(_ => (Bytes("x"), 0), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*{_path}*");
    }

    [Fact]
    public async Task ChangeAsync_SymbolicLink_StaysALink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var target = _folder.File("target.md");
        await File.WriteAllTextAsync(target, "old", Token);
        File.CreateSymbolicLink(_path, target);

        await Create().ChangeAsync(_ => (Bytes("new"), 0), Token);

        new FileInfo(_path).LinkTarget.Should().NotBeNull();
        (await File.ReadAllTextAsync(target, Token)).Should().Be("new");
    }

    [Fact]
    public void TryAcquire_HeldByAnotherHandle_IsNullUntilItIsGivenBack()
    {
        using (var held = FileLock.TryAcquire(_lock))
        {
            held.Should().NotBeNull();
            FileLock.TryAcquire(_lock).Should().BeNull();
        }

        using var free = FileLock.TryAcquire(_lock);
        free.Should().NotBeNull();
    }

    [Fact]
    public async Task AcquireAsync_NotFreeInTime_SaysWhichLock()
    {
        using var held = FileLock.TryAcquire(_lock);

        await FluentActions
            .Awaiting(() => FileLock.AcquireAsync(_lock, TimeSpan.Zero, Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*{_lock}*");
    }

    [Fact]
    public void Ensure_WorkspaceGone_IsAClearErrorAndCreatesNothing()
    {
        var paths = new WorkspacePaths(_folder.File("gone"));

        FluentActions.Invoking(() => StateFolder.Ensure(paths)).Should().Throw<UserErrorException>().WithMessage("*does not exist*");

        Directory.Exists(paths.Root).Should().BeFalse();
    }

    [Fact]
    public async Task Ensure_Twice_HidesTheFolderFromGit()
    {
        StateFolder.Ensure(_folder.Paths);
        StateFolder.Ensure(_folder.Paths);

        (await File.ReadAllTextAsync(Path.Combine(_folder.Paths.State, ".gitignore"), Token)).Should().Be("*\n");
    }

    private SharedFile Create() => new(SharedPath.Named(_path, FileSizes.Own), _lock, () => { });

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes ?? []);
}
