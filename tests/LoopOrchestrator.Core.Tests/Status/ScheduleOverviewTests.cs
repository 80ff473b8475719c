using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class ScheduleOverviewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overview_WhileNothingChanges_IsTheSameObject()
    {
        using var test = await StartAsync();

        var first = await ReadAsync(test);
        test.Time.Advance(ScheduleOverviewReader.MaxAge - TimeSpan.FromMilliseconds(1));

        (await ReadAsync(test)).Should().BeSameAs(first);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("pause in another process")]
    [InlineData("run")]
    [InlineData("file")]
    [InlineData("file that breaks")]
    [InlineData("modes")]
    [InlineData("a second")]
    [InlineData("clock set back")]
    [InlineData("database removed")]
    public async Task Overview_WhenSomethingChanges_IsReadAnew(string what)
    {
        using var test = await StartAsync();
        var first = await ReadAsync(test);

        await ChangeAsync(test, what);
        var second = await ReadAsync(test);

        second.Should().NotBeSameAs(first);
        (await ReadAsync(test)).Should().BeSameAs(second, "what was read anew is told again, too");
    }

    [Fact]
    public async Task Overview_AfterADueMoment_TellsItsOutcomeAtOnce()
    {
        using var test = await StartAsync();
        test.Time.Advance(TimeSpan.FromMinutes(10));
        (await ReadAsync(test)).Schedules.Single().Last!.DueAt.Should().BeBefore(test.Now, "that moment has not fired yet");

        await test.RunPassAsync();

        (await ReadAsync(test)).Schedules.Single().Last!.DueAt.Should().Be(test.Now);
    }

    [Fact]
    public async Task Overview_WhereNothingIsRecordedYet_IsReadEachTime()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));

        (await ReadAsync(test)).Should().NotBeSameAs(await ReadAsync(test));
        Directory.Exists(test.Paths.State).Should().BeFalse("whoever only looks leaves no trace");
    }

    private static async Task<TestWorkspace> StartAsync()
    {
        var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        return test;
    }

    private static Task<ScheduleOverview> ReadAsync(TestWorkspace test) => test.Workspace.Status.ScheduleOverviewAsync(Token);

    private static async Task ChangeAsync(TestWorkspace test, string what)
    {
        switch (what)
        {
            case "pause":
                await test.Workspace.Schedules.PauseAsync("s", "a test says so", Token);
                (await ReadAsync(test)).Schedules.Single().Paused.Should().NotBeNull();
                break;
            case "pause in another process":
                await test.Open().Schedules.PauseAsync("s", "a test says so", Token);
                (await ReadAsync(test)).Schedules.Single().Paused.Should().NotBeNull();
                break;
            case "run":
                var run = (await test.Workspace.Runs.ListAsync(new RunFilter { Limit = 1 }, Token)).Single();
                await test.Workspace.Runs.CancelAsync(run.Id, "a test says so", Token);
                break;
            case "file":
                test.WriteSchedules(TestWorkspace.Every(10), TestWorkspace.Every(20, id: "t"));
                (await ReadAsync(test)).Schedules.Should().HaveCount(2);
                break;
            case "file that breaks":
                test.WriteScheduleFile("{");
                (await ReadAsync(test)).Diagnostics.Should().NotBeEmpty();
                break;
            case "modes":
                await File.WriteAllTextAsync(
                    test.Paths.RooModes,
                    "customModes:\n  - slug: other\n    name: Other\n    roleDefinition: Does other work.\n    groups: [read]\n",
                    Token
                );
                break;
            case "a second":
                test.Time.Advance(ScheduleOverviewReader.MaxAge);
                break;
            case "clock set back":
                test.Time.JumpWallClock(-ScheduleOverviewReader.MaxAge);
                break;
            case "database removed":
                Directory.Delete(test.Paths.State, recursive: true);
                await test.Workspace.Schedules.PauseAsync("s", "a test says so", Token);
                (await ReadAsync(test)).Schedules.Single().Paused.Should().NotBeNull();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }
}
