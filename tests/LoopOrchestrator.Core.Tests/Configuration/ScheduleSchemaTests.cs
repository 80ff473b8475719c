using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Configuration;

/// <summary>The schema of schedules.json says what the reader does: keys, ranges, words and defaults.</summary>
public sealed class ScheduleSchemaTests
{
    // Roo Scheduler writes them and nobody here reads them.
    private static readonly string[] NotRead = ["lastSkippedTime", "lastTaskId", "nextExecutionTime", "createdAt", "updatedAt"];

    private static readonly JsonElement Schema = JsonDocument.Parse(RepositoryFiles.Read("docs/schemas/schedules.schema.json")).RootElement;

    private static readonly Dictionary<string, JsonElement> Fields = Schema
        .GetProperty("$defs")
        .GetProperty("schedule")
        .GetProperty("properties")
        .EnumerateObject()
        .ToDictionary(static field => field.Name, static field => field.Value, StringComparer.Ordinal);

    [Fact]
    public void Keys_OfTheSchema_AreThoseOfTheReader() => Fields.Keys.Should().BeEquivalentTo(ScheduleKeys.Names);

    [Fact]
    public void Keys_OfTheReader_AreRead()
    {
        var source = string.Concat(
            Directory
                .EnumerateFiles(RepositoryFiles.Find("src/LoopOrchestrator.Core/Scheduling/Reading"), "Schedule*.cs")
                .Where(static file => Path.GetFileName(file) is "ScheduleEntryReader.cs" or "ScheduleEntryShape.cs" or "ScheduleFields.cs")
                .Select(File.ReadAllText)
        );
        var read = Regex
            .Matches(
                source,
                "(?:Text|Whole|Flag|Choice|Date|Duration|TryFind|Find)\\(\\s*\"(?<key>[a-zA-Z]+)\"",
                RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(10)
            )
            .Select(static match => match.Groups["key"].Value)
            .Distinct(StringComparer.Ordinal);

        read.Should().BeEquivalentTo(ScheduleKeys.Names.Except(NotRead, StringComparer.Ordinal));
    }

    [Fact]
    public void Descriptions_OfTheSchema_AreThere()
    {
        foreach (var (name, field) in Fields)
        {
            field.TryGetProperty("description", out var description).Should().BeTrue(name);
            description.GetString().Should().NotBeNullOrWhiteSpace(name);
        }
    }

    [Fact]
    public void Ranges_OfTheSchema_AreThoseOfTheReader()
    {
        var ranges = Fields
            .Select(static field => (Key: field.Key, Range: Range(field.Value)))
            .Where(static field => field.Range is not null)
            .ToList();

        ranges.Should().HaveCount(8);
        foreach (var (key, range) in ranges)
        {
            var (least, most) = range!.Value;
            Errors(key, least).Should().BeEmpty();
            Errors(key, most).Should().BeEmpty();
            Errors(key, least - 1).Should().ContainSingle(key);
            Errors(key, most + 1).Should().ContainSingle(key);
        }
    }

    [Fact]
    public void Durations_OfTheSchema_AreThoseOfTheReader()
    {
        var duration = Schema.GetProperty("$defs").GetProperty("duration");
        foreach (var text in (string[])["", "90", "1.5", "01:30:00", "1.02:03:04", "PT1H30M", "P1W"])
        {
            (Problems(duration, JsonValue.Create(text)).Count, Errors("jitter", text).Count).Should().Be((0, 0), text);
        }

        foreach (var text in (string[])["an hour", "1h", "-5", "1:2:3"])
        {
            (Problems(duration, JsonValue.Create(text)).Count > 0, Errors("jitter", text).Count).Should().Be((true, 1), text);
        }

        var most = duration.GetProperty("anyOf")[0].GetProperty("maximum").GetInt32();
        (Errors("maxLateness", most).Count, Errors("maxLateness", most + 1).Count).Should().Be((0, 1));
    }

    [Fact]
    public void Words_OfTheSchema_AreThoseOfTheReader()
    {
        var lists = Fields.Where(static field => field.Value.TryGetProperty("enum", out _)).ToList();

        lists.Select(static field => field.Key).Should().Equal("scheduleType", "timeUnit", "taskInteraction", "misfire");
        foreach (var (key, field) in lists)
        {
            field.GetProperty("enum").EnumerateArray().SelectMany(word => Errors(key, word.GetString())).Should().BeEmpty();
            Errors(key, "another").Should().ContainSingle(key);
        }
    }

    [Fact]
    public void Days_OfTheSchema_AreThoseOfTheReader()
    {
        var days = Fields["selectedDays"].GetProperty("properties").EnumerateObject().Select(static day => day.Name).ToList();

        days.Should().HaveCount(7);
        Read(Entry("selectedDays", new JsonObject(days.Select(static day => KeyValuePair.Create(day, (JsonNode?)true)))))
            .Schedules.Should()
            .ContainSingle()
            .Which.SelectedDays.Should()
            .Be(WeekDays.All);
    }

    [Fact]
    public void Defaults_OfTheSchema_AreThoseOfTheReader()
    {
        var defaults = Fields.Where(static field => field.Value.TryGetProperty("default", out _)).ToList();
        var plain = Read(Entry("expirationDate", "2030-01-31")).Schedules.Single();

        defaults
            .Select(static field => field.Key)
            .Should()
            .Contain(["mode", "active", "taskInteraction", "misfire", "misfireLimit", "inactivityDelay"]);
        foreach (var (key, field) in defaults)
        {
            var entry = Entry("expirationDate", "2030-01-31");
            entry[key] = JsonNode.Parse(field.GetProperty("default").GetRawText());
            Read(entry).Schedules.Should().ContainSingle().Which.Should().Be(plain, $"the default of {key} means the same as nothing");
        }
    }

    [Fact]
    public void Schema_NamedInTheFile_IsNoFinding()
    {
        var set = Read(Entry("mode", "code"), "docs/schemas/schedules.schema.json");

        set.Diagnostics.Should().BeEmpty();
        set.Schedules.Should().ContainSingle();
    }

    private static (long Least, long Most)? Range(JsonElement field) =>
        field.TryGetProperty("anyOf", out var forms) && forms[0].TryGetProperty("minimum", out var least)
            ? (least.GetInt64(), forms[0].GetProperty("maximum").GetInt64())
            : null;

    private static JsonObject Entry(string key, JsonNode? value) =>
        new()
        {
            ["id"] = "one",
            ["taskInstructions"] = "x",
            ["timeInterval"] = 10,
            ["timeUnit"] = "minute",
            [key] = value,
        };

    private static IReadOnlyList<Diagnostic> Errors(string key, JsonNode? value) =>
        [.. Read(Entry(key, value)).Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private static IReadOnlyList<string> Problems(JsonElement schema, JsonNode? value) =>
        JsonSchemaCheck.Problems(schema, JsonSerializer.SerializeToElement(value));

    private static ScheduleSet Read(JsonObject entry, string? schema = null)
    {
        var file = new JsonObject { ["schedules"] = new JsonArray(entry) };
        if (schema is not null)
        {
            file.Insert(0, "$schema", schema);
        }

        return ScheduleFile.Read(JsonSerializer.SerializeToUtf8Bytes(file), "schedules.json", TimeZoneInfo.Utc);
    }
}
