using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class FileBackupsTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 10, 20, 30, TimeSpan.Zero));
    private readonly string _path;

    public FileBackupsTests() => _path = _folder.Paths.Todo;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChangeAsync_ExistingFile_KeepsTheReplacedBytesUnderTimeAndNumber()
    {
        await File.WriteAllBytesAsync(_path, [0xEF, 0xBB, 0xBF, 0xFF, 13, 10], Token);

        var (_, backup) = await Write("new");

        backup.Should().Be(Path.Combine(_folder.FullPath, ".loop", "backups", "TODO.md", "20260302T102030Z-1"));
        (await File.ReadAllBytesAsync(backup!, Token)).Should().Equal(0xEF, 0xBB, 0xBF, 0xFF, 13, 10);
        (await File.ReadAllTextAsync(_path, Token)).Should().Be("new");
    }

    [Fact]
    public async Task ChangeAsync_NewFileOrNoChange_KeepsNothing()
    {
        (await Write("first")).Backup.Should().BeNull();
        (await Create().ChangeWithBackupAsync<int>(_ => (null, 0), Token)).Backup.Should().BeNull();

        Directory.Exists(_folder.Paths.Backups).Should().BeFalse();
    }

    [Fact]
    public async Task ChangeAsync_ManyChangesWithAClockThatGoesBack_KeepsTheNewest()
    {
        await Write("0");
        for (var number = 1; number <= FileBackups.MaxKept + 5; number++)
        {
            await Write($"{number}");
            _time.AdjustTime(_time.GetUtcNow().AddMinutes(-1));
        }

        Contents().Should().BeEquivalentTo(Enumerable.Range(5, FileBackups.MaxKept).Select(number => $"{number}"));
    }

    [Fact]
    public async Task ChangeAsync_EditorSavesMeanwhile_KeepsOnlyWhatWasReplaced()
    {
        await File.WriteAllTextAsync(_path, "old", Token);
        var calls = 0;

        await Create()
            .ChangeAsync(
                _ =>
                {
                    if (++calls == 1)
                    {
                        File.WriteAllText(_path, "edited");
                    }

                    return (Encoding.UTF8.GetBytes("ours"), 0);
                },
                Token
            );

        Contents().Should().Equal("edited");
    }

    [Fact]
    public async Task ChangeAsync_BackupCannotBeWritten_RefusesTheChange()
    {
        await File.WriteAllTextAsync(_path, "old", Token);
        StateFolder.Ensure(_folder.Paths);
        await File.WriteAllTextAsync(_folder.Paths.Backups, "a file in the place of the folder", Token);

        await FluentActions
            .Awaiting(() => Write("new"))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*could not be kept*was not changed*");

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("old");
        Directory.GetFiles(_folder.FullPath, ".*.tmp").Should().BeEmpty();
    }

    [Fact]
    public async Task ChangeAsync_BackupFolderLeadsOutside_RefusesTheChange()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        using var outside = new TemporaryFolder();
        await File.WriteAllTextAsync(_path, "old", Token);
        StateFolder.Ensure(_folder.Paths);
        Directory.CreateSymbolicLink(_folder.Paths.Backups, outside.FullPath);

        await FluentActions
            .Awaiting(() => Write("new"))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*is a symbolic link to*no link is followed*");

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("old");
        Directory.EnumerateFileSystemEntries(outside.FullPath).Should().BeEmpty();
    }

    [Fact]
    public async Task ChangeAsync_PrivateFile_KeepsItPrivate()
    {
        if (OperatingSystem.IsWindows())
        {
            // Permissions are another matter there.
            return;
        }

        await File.WriteAllTextAsync(_path, "old", Token);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (_, backup) = await Write("new");

        File.GetUnixFileMode(backup!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private SharedFile Create() =>
        new(
            new SharedPath(_folder.Paths, _path, FileSizes.Own),
            Path.Combine(_folder.Paths.Locks, "TODO.md.lock"),
            () => StateFolder.Ensure(_folder.Paths),
            new FileBackups(_folder.Paths, _path, _time)
        );

    private async Task<(int Result, string? Backup)> Write(string text) =>
        await Create().ChangeWithBackupAsync(_ => (Encoding.UTF8.GetBytes(text), 0), Token);

    private IEnumerable<string> Contents() =>
        Directory.EnumerateFiles(Path.Combine(_folder.Paths.Backups, "TODO.md")).Select(File.ReadAllText);
}
