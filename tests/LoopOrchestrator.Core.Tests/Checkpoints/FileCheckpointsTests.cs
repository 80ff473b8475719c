using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

public sealed class FileCheckpointsTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CheckpointStore _store;

    public FileCheckpointsTests() => _store = new CheckpointStore(_folder.Paths, _time, maxCopiedBytes: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TakeAsync_NoGit_CopiesTheFilesThatAreOursAndNoOthers()
    {
        await WriteAsync("schedules.json", "{}\n");
        await WriteAsync(".roo/schedules.json", "{}\n");
        await WriteAsync("source.cs", "not ours\n");

        var taken = await _store.TakeAsync("run-1/before", Token);

        taken
            .Should()
            .BeEquivalentTo(
                new
                {
                    Name = "run-1/before",
                    Kind = CheckpointKind.Files,
                    Head = (string?)null,
                    TakenAt = _time.GetUtcNow(),
                }
            );
        (await _store.FindAsync("run-1/before", Token)).Should().Be(taken with { Lack = null }, "what it lacks is told when it is taken");
        Directory
            .EnumerateFiles(Path.Combine(_folder.Paths.Checkpoints, "content"))
            .Should()
            .ContainSingle("both files have the same content");
    }

    [Fact]
    public async Task ChangesAsync_OurFiles_AreTold()
    {
        await WriteAsync("schedules.json", "{\n1\n}\n");
        await WriteAsync(".roomodes", "a\n");
        var before = await _store.TakeAsync("run-1/before", Token);
        await WriteAsync("schedules.json", "{\n2\n3\n}\n");
        File.Delete(_folder.File(".roomodes"));
        await WriteAsync("mcp_startup.json", "{}\n");
        await WriteAsync("TODO.md", "ours\n");

        var changes = await _store.ChangesAsync(before, await _store.TakeAsync("run-1/after", Token), Token);

        changes
            .Files.Should()
            .Equal(
                new FileChange(".roomodes", ChangeKind.Deleted, 0, 1),
                new FileChange("mcp_startup.json", ChangeKind.Added, 1, 0),
                new FileChange("schedules.json", ChangeKind.Modified, 2, 1)
            );
        (changes.FileCount, changes.LinesAdded, changes.LinesRemoved).Should().Be((3, 3, 2));
        changes.OwnFiles.Should().Equal("TODO.md");
        changes.IsEmpty.Should().BeFalse("nothing is known of all other files");
        changes.NotCovered.Should().ContainSingle().Which.Should().StartWith("everything but the files of the loop itself");
    }

    [Fact]
    public async Task ApplyAsync_WhatTheRunDid_IsTakenBack()
    {
        await WriteAsync("schedules.json", "old\n");
        await WriteAsync(".roomodes", "old\n");
        await WriteAsync("TODO.md", "old\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File(".roomodes"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var before = await _store.TakeAsync("run-1/before", Token);
        await WriteAsync("schedules.json", "run\n");
        File.Delete(_folder.File(".roomodes"));
        await WriteAsync("mcp_startup.json", "run\n");
        await WriteAsync("TODO.md", "new\n");
        var after = await _store.TakeAsync("run-1/after", Token);

        var result = await _store.ApplyAsync(await _store.PlanAsync(before, after, cancellationToken: Token), cancellationToken: Token);

        result
            .Done.Select(static item => $"{item.Action} {item.Path}")
            .Should()
            .Equal("Restore .roomodes", "Remove mcp_startup.json", "Restore schedules.json");
        result.NotDone.Select(static item => $"{item.Action} {item.Path}").Should().Equal("Left TODO.md");
        (Read("schedules.json"), Read(".roomodes"), Read("TODO.md"), File.Exists(_folder.Paths.StartupFile))
            .Should()
            .Be(("old\n", "old\n", "new\n", false));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_folder.File(".roomodes")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await _store.FindAsync(result.Safety!.Name, Token)).Should().Be(result.Safety);
    }

    [Fact]
    public async Task ApplyAsync_SomebodyChangedItSince_Refuses()
    {
        await WriteAsync("schedules.json", "old\n");
        var before = await _store.TakeAsync("run-1/before", Token);
        await WriteAsync("schedules.json", "run\n");
        var after = await _store.TakeAsync("run-1/after", Token);
        await WriteAsync("schedules.json", "somebody\n");
        var plan = await _store.PlanAsync(before, after, cancellationToken: Token);

        await FluentActions
            .Awaiting(() => _store.ApplyAsync(plan, cancellationToken: Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("1 file(s)*not as the run left them*schedules.json*Nothing was changed*");
        var result = await _store.ApplyAsync(plan, skipConflicts: true, Token);

        Read("schedules.json").Should().Be("somebody\n");
        result.NotDone.Should().ContainSingle(static item => item.Action == RollbackAction.Conflict);
    }

    [Fact]
    public async Task ApplyAsync_FolderLeadsOutOfTheWorkspace_WritesNothingThere()
    {
        using var outside = new TemporaryFolder();
        await WriteAsync(".roo/schedules.json", "old\n");
        var before = await _store.TakeAsync("run-1/before", Token);
        Directory.Delete(_folder.File(".roo"), recursive: true);
        var after = await _store.TakeAsync("run-1/after", Token);
        Directory.CreateSymbolicLink(_folder.File(".roo"), outside.FullPath);

        var result = await _store.ApplyAsync(await _store.PlanAsync(before, after, cancellationToken: Token), cancellationToken: Token);

        result.Failed.Should().ContainSingle();
        Directory.EnumerateFileSystemEntries(outside.FullPath).Should().BeEmpty();
    }

    [Fact]
    public async Task PruneAsync_OldOnes_GoWithTheCopiesThatNobodyElseHas()
    {
        await WriteAsync("schedules.json", "one\n");
        await WriteAsync(".roomodes", "shared\n");
        await _store.TakeAsync("first", Token);
        _time.Advance(TimeSpan.FromDays(2));
        await WriteAsync("schedules.json", "two\n");
        var second = await _store.TakeAsync("second", Token);

        (await _store.PruneAsync(TimeSpan.FromDays(1), 10, static _ => false, Token)).Should().Be(1);

        (await _store.FindAsync("first", Token)).Should().BeNull();
        Directory.EnumerateFiles(Path.Combine(_folder.Paths.Checkpoints, "content")).Should().HaveCount(2);
        await _store.PlanAsync(second, second, cancellationToken: Token);
    }

    [Fact]
    public async Task PlanAsync_CheckpointReplacedSince_SaysSo()
    {
        await WriteAsync("schedules.json", "one\n");
        var before = await _store.TakeAsync("run-1/before", Token);
        await WriteAsync("schedules.json", "two\n");
        await _store.TakeAsync("run-1/before", Token);

        (
            await FluentActions
                .Awaiting(() => _store.PlanAsync(before, before, cancellationToken: Token))
                .Should()
                .ThrowAsync<UserErrorException>()
        )
            .Which.Message.Should()
            .Contain("replaced");
    }

    private async Task WriteAsync(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        await File.WriteAllTextAsync(_folder.File(name), content, Token);
    }

    private string Read(string name) => File.ReadAllText(_folder.File(name));
}
