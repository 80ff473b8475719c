using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>The machine's zone while we serve.</summary>
public sealed class MachineTimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zone_ChangesWhileWeServe_IsFollowedByTheSchedulesWithoutOneAndTold()
    {
        var log = new RecordingLog();
        using var test = new TestWorkspace { Logging = log };
        test.Restart();
        test.Time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        test.WriteSchedules(Daily("here", ""), Daily("there", ",\"timeZone\":\"Asia/Tokyo\""));
        await test.RunPassAsync();
        var before = await NextAsync(test);
        test.Time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        await test.RunPassAsync();
        await test.RunPassAsync();

        before.Should().Equal("08:00", "00:00");
        (await NextAsync(test)).Should().Equal("14:00", "00:00");
        log.Entries.Should()
            .ContainSingle(static entry => entry.Id == LogEvents.LocalZoneChanged)
            .Which.Text.Should()
            .Contain("Europe/Berlin")
            .And.Contain("America/New_York");

        static string Daily(string id, string more) =>
            $$"""{"id":"{{id}}","name":"{{id}}","mode":"code","taskInstructions":"x","cron":"0 9 * * *"{{more}}}""";
    }

    [Fact]
    public void Refresh_ZoneFile_IsReadAnewWhenItIsAnotherOne()
    {
        using var folder = new TemporaryFolder();
        var (first, second, link) = (folder.File("first"), folder.File("second"), folder.File("localtime"));
        File.WriteAllText(first, "one");
        File.WriteAllText(second, "two");
        File.CreateSymbolicLink(link, first);
        var time = new MachineTime(link);

        time.Refresh().Should().BeFalse("it is the first look");
        time.Refresh().Should().BeFalse("nothing has changed");
        File.Delete(link);
        File.CreateSymbolicLink(link, second);
        time.Refresh().Should().BeTrue("the link leads to another zone");
        time.Refresh().Should().BeFalse();
        File.WriteAllText(second, "another");
        time.Refresh().Should().BeTrue("the zone was written anew");
        File.Delete(link);
        time.Refresh().Should().BeTrue("there is none any more");
        File.Copy(first, link);
        time.Refresh().Should().BeTrue("it is a file in the place of a link");
    }

    [Fact]
    public void LocalTimeZone_OfTheMachine_IsTheFrameworks() => new MachineTime().LocalTimeZone.Should().BeSameAs(TimeZoneInfo.Local);

    private static async Task<IEnumerable<string?>> NextAsync(TestWorkspace test) =>
        (await test.Workspace.Status.SchedulesAsync(Token)).Select(static one => one.NextOccurrence?.UtcDateTime.ToString("HH:mm"));
}
