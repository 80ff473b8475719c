using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>A file that is edited while it is in force, and a clock that is set while it runs.</summary>
public sealed class ScheduleChangeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schedule_Reactivated_CountsFromThen()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        test.WriteSchedules(TestWorkspace.Every(10, more: "\"active\":false"));
        await RunPassesAsync(test, 5);
        await RunPassesAsync(test, 60);
        test.WriteSchedules(TestWorkspace.Every(10));
        await RunPassesAsync(test, 2);

        (await DueAsync(test)).Should().Equal("00:00");
        (await NextAsync(test)).Should().Be("01:17");
        await RunPassesAsync(test, 10);
        (await DueAsync(test)).Should().Equal("00:00", "01:17");
    }

    [Fact]
    public async Task Interval_Shortened_DoesNotMakeUpForWhatTheNewOneWouldHaveHad()
    {
        using var test = Start(TestWorkspace.Every(120));
        await test.RunPassAsync();
        test.Time.Advance(TimeSpan.FromMinutes(65));
        test.WriteSchedules(TestWorkspace.Every(10));

        (await NextAsync(test)).Should().Be("01:15", "the edit counts although nobody has looked yet");
        await test.RunPassAsync();
        (await DueAsync(test)).Should().Equal("00:00");
        await RunPassesAsync(test, 10);
        (await DueAsync(test)).Should().Equal("00:00", "01:15");
    }

    [Fact]
    public async Task Schedule_TextEdited_ChangesNoTime()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await RunPassesAsync(test, 5);
        test.WriteSchedules(TestWorkspace.Every(10).Replace("do s", "do more", StringComparison.Ordinal));
        await RunPassesAsync(test, 5);

        (await DueAsync(test)).Should().Equal("00:00", "00:10");
    }

    [Fact]
    public async Task Schedule_RenamedWhileItsRunGoesOn_KeepsTheNameOfThenInAllThatIsWritten()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(Named("Nightly check"));
        await test.RunPassAsync();
        test.WriteSchedules(Named("Something else"));
        await test.RunPassAsync();
        var run = (await test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        test.Supervisors.End(run.Id, exitCode: 1);
        await test.RunPassAsync();

        run.Title.Should().Be("Nightly check");
        (await File.ReadAllTextAsync(test.Paths.Timing, Token)).Should().Contain("Nightly check").And.NotContain("Something else");
        (await File.ReadAllTextAsync(test.Paths.Memory, Token))
            .Should()
            .Contain("Schedule \"Nightly check\"")
            .And.NotContain("Something else");

        static string Named(string name) =>
            TestWorkspace.Every(10).Replace("\"name\":\"s\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_TakenOutAndPutBack_CountsFromThen()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        test.WriteSchedules();
        await RunPassesAsync(test, 60);
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();

        (await DueAsync(test)).Should().Equal("00:00");
        (await NextAsync(test)).Should().Be("01:10");
    }

    [Fact]
    public async Task Schedule_NoServerForAWhile_StillMakesUp()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        test.Restart();
        await RunPassesAsync(test, 35);

        (await HistoryAsync(test))
            .Select(row => row.Outcome)
            .Should()
            .Equal(OccurrenceOutcome.Started, OccurrenceOutcome.Coalesced, OccurrenceOutcome.Started);
    }

    [Fact]
    public async Task ClockBackAnHour_FiresNothingTwice_AndGoesOnAfterIt()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await StepAsync(test, 9);
        (await DueAsync(test)).Should().HaveCount(10);

        test.Time.AdjustTime(test.Now.AddMinutes(-57));
        await StepAsync(test, 6);

        (await DueAsync(test)).Should().HaveCount(10).And.OnlyHaveUniqueItems();
        await StepAsync(test, 1);
        (await DueAsync(test)).Should().HaveCount(11).And.Contain("01:40");
    }

    [Fact]
    public async Task Clock_ForwardADay_FiresOnce()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await RunPassesAsync(test, 1440);
        await test.RunPassAsync();

        (await HistoryAsync(test))
            .Select(row => (row.Outcome, row.Count))
            .Should()
            .Equal((OccurrenceOutcome.Started, 1), (OccurrenceOutcome.Coalesced, 143), (OccurrenceOutcome.Started, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"startDate\":\"2026-01-01\"")]
    [InlineData("\"taskInteraction\":\"skip\",\"misfire\":\"all\"")]
    public async Task ClockForwardADayAndBack_IsNotSilent_AndFiresNothingTwice(string more)
    {
        using var test = Start(TestWorkspace.Every(60, more: more));
        test.Time.Advance(TimeSpan.FromMinutes(3));
        await test.RunPassAsync();
        await StepAsync(test, 3, 60);
        test.Time.Advance(TimeSpan.FromDays(1));
        for (var look = 0; look < 12; look++)
        {
            await test.RunPassAsync();
        }

        var inTheFuture = await StartedAsync(test);
        test.Time.AdjustTime(test.Now.AddDays(-1).AddSeconds(20));
        await test.RunPassAsync();
        await StepAsync(test, 3, 60);

        (await StartedAsync(test)).Should().HaveCount(inTheFuture.Count + 3).And.OnlyHaveUniqueItems().And.Contain(inTheFuture);

        // Through the day, past the moments that were fired ahead of their time.
        await StepAsync(test, 26, 60);
        var started = await StartedAsync(test);
        started.Should().OnlyHaveUniqueItems();
        started.Should().Contain(inTheFuture);
        started.Where(due => due < test.Now).Should().HaveCountGreaterThan(25);
        (await HistoryAsync(test))
            .Should()
            .OnlyContain(row => row.Outcome != null && row.Count == 1, "each moment of the day came and was entered by itself");
    }

    [Fact]
    public async Task Clock_BackBehindTheFirstRun_DoesNotFireAtOnceAgain()
    {
        using var test = Start(TestWorkspace.Every(10));
        await test.RunPassAsync();
        test.Time.AdjustTime(test.Now.AddHours(-5));
        await test.RunPassAsync();

        (await DueAsync(test)).Should().Equal("00:00");
        await RunPassesAsync(test, 10);
        (await DueAsync(test)).Should().Equal("19:10", "00:00");
    }

    private static TestWorkspace Start(string entry)
    {
        var test = new TestWorkspace();
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(entry);
        return test;
    }

    private static Task RunPassesAsync(TestWorkspace test, int minutes) => test.PassAfterAsync(TimeSpan.FromMinutes(minutes));

    private static async Task StepAsync(TestWorkspace test, int times, int minutes = 10)
    {
        for (var step = 0; step < times; step++)
        {
            await RunPassesAsync(test, minutes);
            await test.RunPassAsync();
        }
    }

    private static Task<IReadOnlyList<Occurrence>> HistoryAsync(TestWorkspace test) =>
        test.Workspace.Schedules.Ledger.HistoryAsync("s", 1000, Token);

    private static async Task<List<DateTimeOffset>> StartedAsync(TestWorkspace test) =>
        [.. (await HistoryAsync(test)).Where(row => row.Outcome == OccurrenceOutcome.Started).Select(row => row.DueAt)];

    private static async Task<IEnumerable<string>> DueAsync(TestWorkspace test) =>
        (await HistoryAsync(test)).Reverse().Select(row => row.DueAt.ToString("HH:mm"));

    private static async Task<string?> NextAsync(TestWorkspace test) =>
        (await test.Workspace.Status.SchedulesAsync(Token)).Single().NextOccurrence?.ToString("HH:mm");
}
