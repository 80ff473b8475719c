using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Tests.Scheduling.Editing;

public sealed class ScheduleFileEditorTests
{
    private const string Stamp = "2026-03-02T10:20:30.000Z";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 20, 30, TimeSpan.Zero);
    private static readonly ScheduleEdit New = new()
    {
        Name = "Nächtlich →",
        Task = "Say \"hi\"\n\ttwice",
        Interval = "10 minutes",
    };

    [Fact]
    public void Save_NoFile_WritesItAsRooSchedulerDoes()
    {
        var (content, saved) = Save(null, New with { Mode = "architect", Start = "09:05", Cron = null });

        content
            .Should()
            .Be(
                """
                {
                  "schedules": [
                    {
                      "id": "1772446830000",
                      "name": "Nächtlich →",
                      "mode": "architect",
                      "taskInstructions": "Say \"hi\"\n\ttwice",
                      "scheduleType": "time",
                      "timeInterval": "10",
                      "timeUnit": "minute",
                      "selectedDays": {
                        "sun": true,
                        "mon": true,
                        "tue": true,
                        "wed": true,
                        "thu": true,
                        "fri": true,
                        "sat": true
                      },
                      "startDate": "",
                      "startHour": "09",
                      "startMinute": "05",
                      "expirationDate": "",
                      "expirationHour": "00",
                      "expirationMinute": "00",
                      "requireActivity": false,
                      "active": true,
                      "taskInteraction": "wait",
                      "inactivityDelay": "10",
                      "modeDisplayName": "Architect",
                      "createdAt": "2026-03-02T10:20:30.000Z",
                      "updatedAt": "2026-03-02T10:20:30.000Z"
                    }
                  ]
                }
                """.ReplaceLineEndings("\n")
            );
        saved.Created.Should().BeTrue();
        saved.Diagnostics.Should().BeEmpty();
        saved
            .Changed.Should()
            .Equal("name", "mode", "taskInstructions", "timeInterval", "timeUnit", "startDate", "startHour", "startMinute");
    }

    [Fact]
    public void Save_ThenDelete_GivesTheFileBack()
    {
        const string Empty = "{\r\n\t\"schedules\": [],\r\n\t\"version\": 2\r\n}\r\n";

        var one = Save(Empty, New with { Id = "a" }).Content!;
        var two = Save(one, New with { Id = "b" }).Content!;

        one.Should().Contain("\r\n\t\t{\r\n\t\t\t\"id\": \"a\",\r\n").And.NotMatchRegex("[^\r]\n");
        Delete(two, "b").Should().Be(one);
        Delete(Delete(two, "a"), "b").Should().Be(Empty);
    }

    [Fact]
    public void Save_TwoInOneMillisecond_GetDifferentIds()
    {
        var two = Save(Save(null, New).Content, New).Content!;

        Read(two).Schedules.Select(schedule => schedule.Id).Should().Equal("1772446830000", "1772446830001");
    }

    [Fact]
    public void Save_ChangesOnlyWhatIsGiven_InTheTypesOfTheFile()
    {
        const string File = """
            // mine
            {
              "owner": "me", /* kept */
              "schedules": [
                { "id": 7, "foreign": [1, { "x": 2.50 }], "name": "old", // the name
                  "mode": "code",
                  "timeInterval": 15, "timeUnit": "minute", "startHour": "08",
                  "lastExecutionTime": "2026-03-02T10:00:00.001Z", "nextExecutionTime": "2026-03-02T10:30:00.001Z",
                  "modeDisplayName": "Code",
                  "selectedDays": { "mon": true, "tue": false, },
                  "updatedAt": "then",
                },
              ],
            }
            """;

        var (content, saved) = Save(
            File,
            new ScheduleEdit
            {
                Id = "7",
                Name = "new",
                Mode = "debug",
                Interval = "20 minutes",
                Start = "09:00",
                Days = ["Tuesday", "wed"],
                MaxLateness = "30",
            }
        );

        content
            .Should()
            .Be(
                File.Replace("\"old\"", "\"new\"", StringComparison.Ordinal)
                    .Replace("\"code\"", "\"debug\"", StringComparison.Ordinal)
                    .Replace("15", "20", StringComparison.Ordinal)
                    .Replace("\"08\"", "\"09\", \"startMinute\": \"00\", \"maxLateness\": \"30\"", StringComparison.Ordinal)
                    .Replace("\"Code\"", "\"Debug\"", StringComparison.Ordinal)
                    .Replace("\"mon\": true, \"tue\": false,", "\"mon\": false, \"tue\": true, \"wed\": true,", StringComparison.Ordinal)
                    .Replace("\"then\"", $"\"{Stamp}\"", StringComparison.Ordinal)
            );
        saved.Changed.Should().Equal("name", "mode", "timeInterval", "selectedDays", "startHour", "startMinute", "maxLateness");
    }

    [Fact]
    public void Save_SaysWhatIsThereAlready_ChangesNothing()
    {
        const string File =
            """{"schedules":[{"id":"a","name":"n","mode":"code","timeInterval":10,"timeUnit":"minute","startHour":"07","active":true}]}""";

        var (content, saved) = Save(
            File,
            new ScheduleEdit
            {
                Id = "a",
                Name = "n",
                Interval = "every 10 min",
                Start = "07:00",
                Cron = "",
                Jitter = "",
                Active = true,
                Days = [],
            }
        );

        content.Should().Contain("\"startHour\":\"07\",\"startMinute\":\"00\",", "without the minute nothing says so");
        Save(
            content,
            new ScheduleEdit
            {
                Id = "a",
                Name = "n",
                Interval = "10m",
                Start = "07:00",
                Days = [],
            }
        )
            .Content.Should()
            .BeNull();
        saved.Changed.Should().Equal("startMinute");
    }

    [Fact]
    public void Save_Blank_TakesBack()
    {
        var full = Save(
            null,
            New with
            {
                Id = "a",
                Cron = "0 5 * * *",
                Interval = null,
                TimeZone = "Europe/Berlin",
                Expires = "2026-12-31",
                Jitter = "5",
                TimeoutSeconds = 60,
            }
        ).Content!;

        full.Should()
            .Contain("\"cron\": \"0 5 * * *\"")
            .And.Contain("\"timeoutSeconds\": 60")
            .And.Contain("\"expirationHour\": \"23\"")
            .And.NotContain("timeInterval");
        var bare = Save(
            full,
            new ScheduleEdit
            {
                Id = "a",
                Cron = "",
                Interval = "1 day",
                TimeZone = "",
                Expires = "",
                Jitter = "",
            }
        ).Content!;

        bare.Should()
            .NotContain("cron")
            .And.NotContain("timeZone")
            .And.NotContain("jitter")
            .And.Contain("\"expirationDate\": \"\"")
            .And.Contain("\"timeInterval\": \"1\"")
            .And.Contain("\"timeUnit\": \"day\"");
        Read(bare).Diagnostics.Should().BeEmpty();
        bare.IndexOf("timeInterval", StringComparison.Ordinal)
            .Should()
            .BeLessThan(bare.IndexOf("selectedDays", StringComparison.Ordinal), "fields stand in Roo Scheduler's order");
    }

    [Fact]
    public void Save_ManyMistakes_AreAllNamedAtOnce() =>
        FluentActions
            .Invoking(() =>
                Save(
                    null,
                    new ScheduleEdit
                    {
                        Mode = "archtect",
                        Interval = "ten",
                        TimeZone = "Europe/Berlinn",
                        Misfire = "onec",
                        Days = ["mo"],
                        Start = "25:00",
                        Expires = "10:00",
                    }
                )
            )
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("Nothing was saved, schedules.json is as it was.*")
            .Which.Message.Should()
            .Contain("needs name, task")
            .And.Contain("architect")
            .And.Contain("interval is \"ten\"")
            .And.Contain("\"Europe/Berlinn\"")
            .And.Contain("\"once\" is nearest")
            .And.Contain("days has \"mo\"")
            .And.Contain("start is \"25:00\"")
            .And.Contain("expires is \"10:00\"");

    [Theory]
    [InlineData("0 0 30 2 *", "", "no occurrence any more")]
    [InlineData("0 0 * * 1", "tue", "falls on one of its selectedDays")]
    [InlineData("* * * * *", "", "it expired at 2020-01-01 23:59")]
    public void Save_CanNeverFire_IsRefusedUnlessInactive(string cron, string day, string reason)
    {
        var edit = New with
        {
            Interval = null,
            Cron = cron,
            Days = day.Length > 0 ? [day] : null,
            Expires = reason.Contains("2020", StringComparison.Ordinal) ? "2020-01-01" : null,
        };

        FluentActions.Invoking(() => Save(null, edit)).Should().Throw<UserErrorException>().WithMessage($"*could never fire*{reason}*");
        Save(null, edit with { Active = false }).Content.Should().NotBeNull();
    }

    [Fact]
    public void Save_BrokenFile_IsRefusedWithItsPlace() =>
        FluentActions
            .Invoking(() => Save("{\n  \"schedules\": [ { \"id\": } ]\n}", New))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("schedules.json:2:*Nothing was changed*");

    [Fact]
    public void SaveOrDelete_IdUsedTwice_NamesBothPlaces()
    {
        const string File = "{\"schedules\":[\n{\"id\":\"a\"},\n{\"id\":\"a\"}]}";

        FluentActions
            .Invoking(() => Save(File, New with { Id = "a" }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*schedules.json:2:7, schedules.json:3:7*");
        FluentActions
            .Invoking(() => Delete(File, "a"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*schedules.json:2:7, schedules.json:3:7*");
    }

    [Fact]
    public void Save_EntryHadAnErrorBefore_SaysSoAndKeepsIt()
    {
        const string File =
            """{"schedules":[{"id":"a","name":"n","mode":"code","timeInterval":"1","timeUnit":"hour","misfire":"never"}]}""";

        var (content, saved) = Save(File, new ScheduleEdit { Id = "a", Name = "m" });

        content.Should().Contain("\"m\"").And.Contain("never");
        saved.Schedule.Should().BeNull();
        saved.Diagnostics.Should().ContainSingle().Which.Should().Contain("misfire");
    }

    [Fact]
    public void Save_IntervalBehindCron_IsRefused() =>
        FluentActions
            .Invoking(() =>
                Save(
                    """{"schedules":[{"id":"a","name":"n","mode":"code","cron":"* * * * *"}]}""",
                    new ScheduleEdit { Id = "a", Interval = "1 hour" }
                )
            )
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*cron as \"\"*");

    [Theory]
    [InlineData("*")]
    [InlineData(" a")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void Save_IdThatCannotBeUsed_IsRefused(string id) =>
        FluentActions.Invoking(() => Save(null, New with { Id = id })).Should().Throw<UserErrorException>().WithMessage("*cannot be used*");

    [Theory]
    [InlineData(
        "{\"schedules\":[{\"id\":\"a\"}, {\"id\":\"b\"}, {\"id\":\"c\"}]}",
        "a",
        "{\"schedules\":[{\"id\":\"b\"}, {\"id\":\"c\"}]}"
    )]
    [InlineData(
        "{\"schedules\":[{\"id\":\"a\"}, {\"id\":\"b\"}, {\"id\":\"c\"}]}",
        "b",
        "{\"schedules\":[{\"id\":\"a\"}, {\"id\":\"c\"}]}"
    )]
    [InlineData(
        "{\"schedules\":[{\"id\":\"a\"}, {\"id\":\"b\"}, {\"id\":\"c\"}]}",
        "c",
        "{\"schedules\":[{\"id\":\"a\"}, {\"id\":\"b\"}]}"
    )]
    [InlineData(
        "{\"schedules\": [\n  // first\n  {\"id\":\"a\"}, // a\n  {\"id\":\"b\"}\n]}",
        "b",
        "{\"schedules\": [\n  // first\n  {\"id\":\"a\"} // a\n]}"
    )]
    [InlineData(
        "{\"schedules\": [\n  {\"id\":\"a\"}, // a\n\n  {\"id\":\"b\"},\n]}",
        "a",
        "{\"schedules\": [\n  // a\n\n  {\"id\":\"b\"},\n]}"
    )]
    [InlineData("{\"schedules\": [\n  {\"id\":\"a\"},\n  {\"id\":\"b\"},\n]}", "b", "{\"schedules\": [\n  {\"id\":\"a\"},\n]}")]
    [InlineData("{\"schedules\": [\n  {\"id\":\"a\"}\n  /* tail */ ]}", "a", "{\"schedules\": [\n  /* tail */ ]}")]
    public void Delete_Entry_TakesItsCommaAndItsLines(string file, string id, string expected) => Delete(file, id).Should().Be(expected);

    [Fact]
    public void Delete_UnknownId_NamesThoseThereAre() =>
        FluentActions
            .Invoking(() => Delete("{\"schedules\":[{\"id\":\"a\"}]}", "b"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*'b'*'a'*");

    private static (string? Content, ScheduleSaved Result) Save(string? file, ScheduleEdit edit)
    {
        var (content, result) = Editor().Save(file is null ? null : Encoding.UTF8.GetBytes(file), edit);
        return (content is null ? null : Encoding.UTF8.GetString(content), result);
    }

    private static string Delete(string file, string id) => Encoding.UTF8.GetString(Editor().Delete(Encoding.UTF8.GetBytes(file), id));

    private static ScheduleSet Read(string file) => ScheduleFile.Read(Encoding.UTF8.GetBytes(file), "schedules.json", TimeZoneInfo.Utc);

    private static ScheduleFileEditor Editor() => new("schedules.json", new ModeCatalog(), TimeZoneInfo.Utc, Now);
}
