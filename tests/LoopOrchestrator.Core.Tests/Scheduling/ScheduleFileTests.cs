using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ScheduleFileTests
{
    private const string Minimal = """
        "id": "1", "mode": "code", "taskInstructions": "t", "scheduleType": "time", "timeInterval": "10", "timeUnit": "minute"
        """;

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Read_EverythingTheFormWrites_IsUnderstoodWithoutFindings()
    {
        var set = Read(
            """
            {
              "schedules": [
                {
                  "id": "1700000000000", "name": "Nightly → check", "mode": "debug", "taskInstructions": "Look\nclosely",
                  "scheduleType": "time", "timeInterval": "2", "timeUnit": "day",
                  "selectedDays": { "sun": false, "mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": false },
                  "startDate": "2026-03-01", "startHour": "07", "startMinute": "30",
                  "expirationDate": "2026-12-31", "expirationHour": "00", "expirationMinute": "00",
                  "requireActivity": true, "active": false, "taskInteraction": "interrupt", "inactivityDelay": "3",
                  "lastExecutionTime": "2026-03-03T06:30:04.939Z", "lastSkippedTime": "2026-03-03T06:49:00.983Z",
                  "lastTaskId": "x", "nextExecutionTime": "2026-03-05T06:30:00.983Z", "modeDisplayName": "Debug",
                  "createdAt": "2026-02-26T12:38:23.261Z", "updatedAt": "2026-02-27T23:54:39.794Z", "somethingElse": [1]
                }
              ],
              "version": 3
            }
            """
        );

        set.IsReadable.Should().BeTrue();
        set.Diagnostics.Should().BeEmpty();
        set.Schedules.Should()
            .ContainSingle()
            .Which.Should()
            .Be(
                new Schedule
                {
                    Id = "1700000000000",
                    Name = "Nightly → check",
                    Mode = "debug",
                    ModeDisplayName = "Debug",
                    TaskInstructions = "Look\nclosely",
                    TimeZone = Berlin,
                    Interval = new(2, TimeUnit.Day),
                    SelectedDays = WeekDays.Monday | WeekDays.Tuesday | WeekDays.Wednesday | WeekDays.Thursday | WeekDays.Friday,
                    StartDate = new(2026, 3, 1),
                    StartHour = 7,
                    StartMinute = 30,
                    Expiration = TestSchedules.At("2026-12-30T23:00Z"),
                    RequireActivity = true,
                    Active = false,
                    TaskInteraction = TaskInteraction.Interrupt,
                    InactivityDelay = TimeSpan.FromMinutes(3),
                    LastExecutionTime = TestSchedules.At("2026-03-03T06:30:04.939Z"),
                }
            );
    }

    [Fact]
    public void Read_BlankAndMissingFields_HaveTheirDefaults()
    {
        var schedule = One(
            Minimal
                + """
                , "startDate": "", "startHour": " ", "startMinute": "00", "expirationDate": "", "expirationHour": "00", "inactivityDelay": "", "active": null, "cron": "", "timeZone": null
                """
        ).Schedule!;

        schedule
            .Should()
            .Be(
                new Schedule
                {
                    Id = "1",
                    Name = "1",
                    Mode = "code",
                    TaskInstructions = "t",
                    TimeZone = Berlin,
                    Interval = new(10, TimeUnit.Minute),
                    StartMinute = 0,
                }
            );
        schedule.Active.Should().BeTrue();
        schedule.InactivityDelay.Should().Be(TimeSpan.FromMinutes(1));
        (schedule.Misfire, schedule.MisfireLimit, schedule.TaskInteraction).Should().Be((MisfirePolicy.Once, 10, TaskInteraction.Wait));
    }

    [Fact]
    public void Read_FieldsOfOurs_AreUnderstood()
    {
        var (schedule, diagnostics) = One(
            """
            "id": 7, "mode": "code", "cron": "0 9 * * 1-5", "timeZone": "Asia/Kathmandu", "workflow": "default", "misfire": "all", "misfireLimit": "3",
            "maxLateness": 90, "jitter": "PT30S", "timeoutSeconds": "600", "onlyIf": ["git", "diff", "--quiet"],
            """
        );

        diagnostics.Should().BeEmpty();
        schedule!.Id.Should().Be("7");
        schedule.Cron!.Text.Should().Be("0 9 * * 1-5");
        schedule.Interval.Should().BeNull();
        schedule.TimeZone.Id.Should().Be("Asia/Kathmandu");
        schedule.Workflow.Should().Be("default");
        (schedule.Misfire, schedule.MisfireLimit).Should().Be((MisfirePolicy.All, 3));
        schedule.MaxLateness.Should().Be(TimeSpan.FromMinutes(90));
        schedule.Jitter.Should().Be(TimeSpan.FromSeconds(30));
        schedule.Timeout.Should().Be(TimeSpan.FromMinutes(10));
        schedule.OnlyIf.Should().Equal("git", "diff", "--quiet");
    }

    [Theory]
    [InlineData("\"expirationDate\": \"2026-01-10\"", "2026-01-10T22:59Z")]
    [InlineData("\"expirationDate\": \"2026-01-10\", \"expirationHour\": \"\", \"expirationMinute\": \"\"", "2026-01-10T22:59Z")]
    [InlineData("\"expirationDate\": \"2026-01-10\", \"expirationHour\": \"00\", \"expirationMinute\": \"00\"", "2026-01-09T23:00Z")]
    [InlineData("\"expirationDate\": \"2026-01-10\", \"expirationHour\": 13", "2026-01-10T12:59Z")]
    public void Read_Expiration_IsLocal(string fields, string expected) =>
        One(Minimal + "," + fields).Schedule!.Expiration.Should().Be(TestSchedules.At(expected));

    [Theory]
    [InlineData("2026-01-10T12:00:00", "2026-01-10T11:00Z")]
    [InlineData("2026-01-10T12:00:00+02:00", "2026-01-10T10:00Z")]
    public void Read_LastExecutionTime_WithoutOffsetIsLocal(string text, string expected) =>
        One($"{Minimal}, \"lastExecutionTime\": \"{text}\"").Schedule!.LastExecutionTime.Should().Be(TestSchedules.At(expected));

    [Theory]
    [InlineData("\"active\": \"false\"", "active is \"false\"; read as false")]
    [InlineData("\"cron\": \"@daily\"", "timeInterval is \"10\"; cron is there too and goes before it")]
    public void Read_WhatWasGuessed_IsANote(string fields, string part) =>
        Expect(Minimal + "," + fields, DiagnosticSeverity.Information, part);

    [Theory]
    [InlineData("\"selectedDays\": { \"mon\": true, \"tuesday\": true }", "selectedDays has no day \"tuesday\"")]
    [InlineData("\"lastExecutionTime\": \"yesterday\"", "lastExecutionTime is \"yesterday\"; this is no time")]
    [InlineData("\"time_interval\": 5, \"created_at\": \"\"", "rename time_interval to timeInterval, created_at to createdAt")]
    [InlineData("\"mode\": \"ask\"", "\"mode\" occurs more than once; the last one counts")]
    public void Read_WhatWasPassedOver_IsAWarning(string fields, string part) =>
        Expect(Minimal + "," + fields, DiagnosticSeverity.Warning, part);

    [Theory]
    [InlineData(
        "\"id\": \"1\", \"taskInstructions\": \"t\", \"timeInterval\": 1, \"timeUnit\": \"day\"",
        "it names no mode, so \"code\" is taken"
    )]
    [InlineData("\"id\": \"1\", \"mode\": \"code\", \"timeInterval\": \"\", \"timeUnit\": \"day\"", "it never fires by itself")]
    public void Read_WhatIsMissing_IsAWarning(string fields, string part) => Expect(fields, DiagnosticSeverity.Warning, part);

    [Theory]
    [InlineData(
        "\"taskInteraction\": \"interupt\"",
        "taskInteraction is \"interupt\"; write \"wait\", \"interrupt\" or \"skip\"; \"interrupt\" is nearest"
    )]
    [InlineData("\"timeUnit\": \"Minutes\"", "timeUnit is \"Minutes\"; write \"minute\", \"hour\" or \"day\"; \"minute\" is nearest")]
    [InlineData("\"timeUnit\": \"\"", "timeUnit is missing")]
    [InlineData("\"misfire\": true", "misfire is true; write \"once\", \"skip\" or \"all\"")]
    [InlineData("\"misfireLimit\": 0", "misfireLimit is 0; write a whole number from 1 to 1000")]
    [InlineData("\"timeInterval\": \"0\"", "timeInterval is \"0\"; write a whole number from 1")]
    [InlineData("\"timeInterval\": 10.5", "timeInterval is 10.5; write a whole number")]
    [InlineData("\"timeInterval\": \"99999999999999999999\"", "write a whole number from 1 to 2147483647")]
    [InlineData("\"timeZone\": \"Europe/Atlantis\"", "timeZone is \"Europe/Atlantis\"; this machine knows no such zone")]
    [InlineData("\"timeZone\": \"../../etc/passwd\"", "this machine knows no such zone")]
    [InlineData("\"cron\": \"61 * * * *\"", "cron is \"61 * * * *\"; this is no cron expression: ")]
    [InlineData("\"cron\": 5", "it has to be a string")]
    [InlineData("\"scheduleType\": \"completion\"", "never fires it")]
    [InlineData("\"scheduleType\": \"interval\"", "the only type with a meaning is \"time\"")]
    [InlineData("\"startDate\": \"2026-02-30\"", "write a date that exists")]
    [InlineData("\"startHour\": \"24\"", "from 0 to 23")]
    [InlineData("\"expirationMinute\": 60", "from 0 to 59")]
    [InlineData("\"active\": 1", "active is 1; write true or false")]
    [InlineData("\"selectedDays\": [\"mon\"]", "selectedDays is a list; write an object")]
    [InlineData("\"selectedDays\": { \"mon\": \"x\" }", "mon is \"x\"; write true or false")]
    [InlineData("\"timeoutSeconds\": 86401", "from 1 to 86400")]
    [InlineData("\"maxLateness\": \"soon\"", "ISO 8601")]
    [InlineData("\"onlyIf\": \"git diff\"", "write the command as a list of strings")]
    [InlineData("\"onlyIf\": [\"git\", 1]", "write the command as a list of strings")]
    [InlineData("\"mode\": {}", "mode is an object; write it as a string")]
    public void Read_WhatCannotBeUnderstood_IsAnError(string field, string part)
    {
        var key = field[..(field.IndexOf(':', StringComparison.Ordinal) + 1)];
        var fields = string.Join(',', Minimal.Split(',').Where(pair => !pair.Contains(key, StringComparison.Ordinal)).Append(field));

        Expect(fields, DiagnosticSeverity.Error, part);
    }

    [Theory]
    [InlineData(
        "\"id\": \"1\", \"enabled\": true, \"trigger\": { \"type\": \"daily\" }, \"action\": {}",
        "not Roo Scheduler's format, it is described by enabled, trigger, action"
    )]
    [InlineData(
        "\"id\": \"1\", \"mode\": \"code\", \"task_instructions\": \"t\", \"time_interval\": 10",
        "rename task_instructions to taskInstructions, time_interval to timeInterval"
    )]
    [InlineData("\"mode\": \"code\", \"timeInterval\": 1, \"timeUnit\": \"day\"", "schedule number 1: it has no id")]
    [InlineData("\"id\": [], \"mode\": \"code\", \"timeInterval\": 1, \"timeUnit\": \"day\"", "schedule number 1: id is a list")]
    public void Read_WrongAsAWhole_IsOneError(string fields, string part) => Expect(fields, DiagnosticSeverity.Error, part);

    [Fact]
    public void Read_OnlyUnknownDaysSelected_IsAnErrorBecauseItWouldFireDaily()
    {
        var (schedule, diagnostics) = One(Minimal + ", \"selectedDays\": { \"Monday\": true }");

        schedule.Should().BeNull();
        diagnostics.Select(diagnostic => diagnostic.Severity).Should().Equal(DiagnosticSeverity.Warning, DiagnosticSeverity.Error);
        diagnostics[0].Message.Should().EndWith("\"mon\" is nearest");
    }

    [Fact]
    public void Read_OneWrongSchedule_HidesNoOther()
    {
        var set = Read(
            $$"""
            { "schedules": [
              { {{Minimal}} },
              { {{Minimal}} },
              42,
              { "id": "2", "mode": "code", "timeInterval": "1", "timeUnit": "week" },
              // the last one
              { "id": "3", "mode": "code", "timeInterval": "1", "timeUnit": "day" },
            ] }
            """
        );

        set.Schedules.Select(schedule => schedule.Id).Should().Equal("1", "3");
        set.Entries.Select(entry => entry.Id).Should().Equal("1", "1", null, "2", "3");
        set.Diagnostics.Select(diagnostic => diagnostic.ToString())
            .Should()
            .Equal(
                "s.json:3:11: error: schedule \"1\": the id is used already in line 2; give this one an id of its own",
                "s.json:4:3: error: schedule number 3: this is 42, not an object; remove it, or write a schedule in braces",
                "s.json:5:65: error: schedule \"2\": timeUnit is \"week\"; write \"minute\", \"hour\" or \"day\""
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{ \"schedules\": {} }")]
    [InlineData("{ \"schedules\": [ }")]
    public void Read_BrokenAsAWhole_SaysSo(string json)
    {
        var set = Read(json);

        set.IsReadable.Should().BeFalse();
        set.Schedules.Should().BeEmpty();
        set.Diagnostics.Should().ContainSingle().Which.Severity.Should().Be(DiagnosticSeverity.Error);
    }

    [Fact]
    public void Read_EmptyList_IsFine() =>
        Read("{ \"schedules\": [] }").Should().Match<ScheduleSet>(set => set.IsReadable && set.Diagnostics.Length == 0);

    [Fact]
    public void Read_AnyValues_EitherTellsAnErrorOrCanBeCalculated()
    {
        string[] keys =
        [
            "id",
            "name",
            "mode",
            "scheduleType",
            "timeInterval",
            "timeUnit",
            "selectedDays",
            "startDate",
            "startHour",
            "startMinute",
            "expirationDate",
            "expirationHour",
            "active",
            "taskInteraction",
            "inactivityDelay",
            "lastExecutionTime",
            "cron",
            "timeZone",
            "misfire",
            "maxLateness",
            "jitter",
            "timeoutSeconds",
            "onlyIf",
            "workflow",
            "x",
        ];
        var value = FixedSample.OneOf(
            "null",
            "true",
            "\"\"",
            "\"10\"",
            "1",
            "-1",
            "1e999",
            "\"minute\"",
            "\"day\"",
            "\"time\"",
            "{}",
            "[]",
            "{\"mon\":true,\"\\ud800\":1}",
            "\"0001-01-01\"",
            "\"9999-12-31\"",
            "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59\"",
            "\"2026-01-01T00:00:00+14:00\"",
            "\"999999999\"",
            "\"* * * * *\"",
            "\"H H * * *\"",
            "\"0 0 31 2 *\"",
            "\"UTC\"",
            "\"P1D\"",
            "[\"a\"]",
            "\"\\u0000\""
        );
        var entry = Gen.Select(FixedSample.OneOf(keys), value)
            .Select((key, text) => $"\"{key}\":{text}")
            .Array[0, 14]
            .Select(pairs =>
                $"{{\"schedules\":[{{\"id\":\"a\",\"timeInterval\":\"10\",\"timeUnit\":\"day\","
                + $"{string.Join(',', pairs.Append("\"mode\":\"m\""))}}}]}}"
            );
        FixedSample.Run(entry, 3000, json =>
        {
            var set = Read(json);
            set.Schedules.Any()
                .Should()
                .Be(
                    !set.Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
                    "an entry is in force, or an error says why not"
                );
            foreach (var schedule in set.Schedules)
            {
                var now = TestSchedules.At("2026-01-01T00:00Z");
                var next = NextOccurrence.Next(schedule, now, schedule.LastExecutionTime);
                (next is null || next > now).Should().BeTrue("what is next is still to come");
                (next is not null && NextOccurrence.NeverFires(schedule, now) is not null)
                    .Should()
                    .BeFalse("what never fires has no next moment");
            }
        });
    }

    private static ScheduleSet Read(string json) => ScheduleFile.Read(Encoding.UTF8.GetBytes(json), "s.json", Berlin);

    private static (Schedule? Schedule, IReadOnlyList<Diagnostic> Findings) One(string fields)
    {
        var set = Read($"{{\"schedules\": [\n{{ {fields} }}\n]}}");
        set.IsReadable.Should().BeTrue();
        return (set.Entries.Single().Schedule, set.Diagnostics);
    }

    private static void Expect(string fields, DiagnosticSeverity severity, string part)
    {
        var (schedule, diagnostics) = One(fields);

        var diagnostic = diagnostics.Should().ContainSingle().Which;
        diagnostic.Message.Should().Contain(part).And.StartWith("schedule ");
        diagnostic.Severity.Should().Be(severity);
        diagnostic.Line.Should().Be(2);
        diagnostic.Column.Should().BePositive();
        (schedule is null).Should().Be(severity is DiagnosticSeverity.Error);
    }
}
