using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling.Editing;

public sealed class ScheduleEditorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_New_IsInForceAndSaysWhenItIsDue()
    {
        using var test = new TestWorkspace();

        var saved = await test.Workspace.Schedules.SaveAsync(
            new ScheduleEdit
            {
                Id = "n",
                Name = "n",
                Task = "t",
                Interval = "1 day",
                Start = "07:30",
                TimeZone = "Europe/Berlin",
            },
            Token
        );

        saved.File.Should().Be("schedules.json");
        saved.Backup.Should().BeNull();
        saved.NextOccurrence.Should().Be(new DateTimeOffset(2026, 3, 2, 6, 30, 0, TimeSpan.Zero));
        test.Workspace.Schedules.Source.Get("n").Mode.Should().Be("code");
    }

    [Fact]
    public async Task Save_OnlyRooHasAFile_ChangesThatOneAndKeepsItsBytes()
    {
        using var test = new TestWorkspace();
        Directory.CreateDirectory(Path.GetDirectoryName(test.Paths.RooSchedules)!);
        var before = $"{{\"schedules\":[{TestWorkspace.Every(10)}]}}";
        await File.WriteAllTextAsync(test.Paths.RooSchedules, before, Token);

        var saved = await test.Workspace.Schedules.SaveAsync(new ScheduleEdit { Id = "s", Active = false }, Token);

        (saved.File, saved.Created, saved.NextOccurrence).Should().Be((".roo/schedules.json", false, null));
        File.Exists(test.Paths.Schedules).Should().BeFalse();
        (await File.ReadAllTextAsync(Path.Combine(test.Paths.Root, saved.Backup!), Token)).Should().Be(before);
        test.Workspace.Schedules.Source.Get("s").Active.Should().BeFalse();
    }

    [Fact]
    public async Task Save_IntervalChanged_IsDueCountedFromNow()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(60));
        await test.RunPassAsync();
        test.Time.Advance(TimeSpan.FromMinutes(45));

        var saved = await test.Workspace.Schedules.SaveAsync(new ScheduleEdit { Id = "s", Interval = "10 minutes" }, Token);
        await test.RunPassAsync();

        saved.NextOccurrence.Should().Be(test.Now.AddMinutes(10));
        (await test.Workspace.Status.SchedulesAsync(Token)).Single().NextOccurrence.Should().Be(saved.NextOccurrence);
    }

    [Fact]
    public async Task Save_Refused_ChangesNothing()
    {
        using var test = new TestWorkspace();
        test.WriteScheduleFile("{ broken");

        await test
            .Workspace.Awaiting(workspace =>
                workspace.Schedules.SaveAsync(
                    new ScheduleEdit
                    {
                        Name = "n",
                        Task = "t",
                        Interval = "1 day",
                    },
                    Token
                )
            )
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*schedules.json:1:3*");

        (await File.ReadAllTextAsync(test.Paths.Schedules, Token)).Should().Be("{ broken");
        Directory.Exists(test.Paths.Backups).Should().BeFalse();
    }

    [Fact]
    public async Task Delete_WithARunAndSomethingWaiting_LeavesTheOneAndDropsTheOther()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10, more: "\"timeoutSeconds\":86400"));
        await test.RunPassAsync();
        var run = (await test.Workspace.Runs.ClaimAsync(id: null, mode: null, Token))!.Id;
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        (await test.Workspace.Storage.Ledger.WaitingAsync(Token)).Should().ContainSingle();

        var deleted = await test.Workspace.Schedules.DeleteAsync("s", Token);
        await test.RunPassAsync();

        deleted.Runs.Should().Equal(run);
        (await test.Workspace.Storage.Ledger.WaitingAsync(Token)).Should().BeEmpty();
        (await test.Workspace.Runs.GetAsync(deleted.Runs[0], Token)).EndedAt.Should().BeNull();
        (await File.ReadAllTextAsync(test.Paths.Schedules, Token)).Should().Be("{\"schedules\":[]}");
    }

    [Fact]
    public async Task Save_ManyAtOnce_LosesNoEdit()
    {
        const int Rounds = 8;
        using var test = new TestWorkspace();
        test.WriteSchedules([.. "abcd".Select(id => TestWorkspace.Every(10, $"{id}"))]);

        await Task.WhenAll(
            "abcd".Select(id =>
                Task.Run(
                    async () =>
                    {
                        var workspace = test.Open();
                        for (var round = 1; round <= Rounds; round++)
                        {
                            await workspace.Schedules.SaveAsync(new ScheduleEdit { Id = $"{id}", Name = $"{id}{round}" }, Token);
                            await workspace.Schedules.SaveAsync(
                                new ScheduleEdit
                                {
                                    Id = $"{id}-{round}",
                                    Name = "n",
                                    Task = "t",
                                    Interval = "1 day",
                                },
                                Token
                            );
                        }
                    },
                    Token
                )
            )
        );

        var set = ScheduleFile.Read(await File.ReadAllBytesAsync(test.Paths.Schedules, Token), "f", TimeZoneInfo.Utc);
        set.Diagnostics.Should().BeEmpty();
        set.Schedules.Take(4).Select(schedule => schedule.Name).Should().Equal("abcd".Select(id => $"{id}{Rounds}"));
        set.Schedules.Skip(4)
            .Select(schedule => schedule.Id)
            .Should()
            .BeEquivalentTo("abcd".SelectMany(id => Enumerable.Range(1, Rounds).Select(round => $"{id}-{round}")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Save_AnEditorWithoutOurLockSavesMeanwhile_BothEditsStand(int times)
    {
        using var test = new TestWorkspace();
        var time = new InterruptingTime(test.Time);
        test.WriteSchedules(TestWorkspace.Every(10, "editor", "\"note\":0"), TestWorkspace.Every(10, "a"));
        using var database = SqliteStorage.OpenDatabase(test.Paths, new RunFolderRebuild(test.Paths, TimeProvider.System));
        var editor = new ScheduleEditor(
            test.Paths,
            new ScheduleSource(test.Paths, time),
            new ModeFile(test.Paths),
            new SqliteOccurrenceLedger(database),
            new SqliteRunStore(database),
            time
        );
        var note = 0;

        for (var round = 1; round <= 5; round++)
        {
            var left = times;
            time.Interrupt = () =>
            {
                if (left-- > 0)
                {
                    test.WriteScheduleFile(
                        File.ReadAllText(test.Paths.Schedules).Replace($"\"note\":{note}", $"\"note\":{++note}", StringComparison.Ordinal)
                    );
                }
            };
            var saved = await editor.SaveAsync(new ScheduleEdit { Id = "a", Name = $"a{round}" }, Token);

            var text = await File.ReadAllTextAsync(test.Paths.Schedules, Token);
            text.Should().Contain($"\"note\":{times * round}").And.Contain($"\"name\":\"a{round}\"");
            (await File.ReadAllTextAsync(Path.Combine(test.Paths.Root, saved.Backup!), Token))
                .Should()
                .Contain($"\"note\":{times * round}", "those are the bytes that were replaced");
        }

        Directory.GetFiles(Path.Combine(test.Paths.Backups, "schedules.json")).Should().HaveCount(5);
    }

    /// <summary>A clock that lets somebody act whenever it is looked at; a save looks at it between reading and writing.</summary>
    private sealed class InterruptingTime(TimeProvider time) : TimeProvider
    {
        public Action? Interrupt { get; set; }

        public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

        public override DateTimeOffset GetUtcNow()
        {
            Interrupt?.Invoke();
            return time.GetUtcNow();
        }
    }
}
