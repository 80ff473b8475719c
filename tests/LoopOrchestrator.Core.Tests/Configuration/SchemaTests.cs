using System.Reflection;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Configuration;

public sealed class SchemaTests
{
    private static string Repository =>
        typeof(SchemaTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot")
            .Value!;

    [Fact]
    public void Schema_Keys_AreThoseOfTheReader()
    {
        using var schema = Schema();
        var root = schema.RootElement;
        var properties = root.GetProperty("properties");

        Keys(root).Should().BeEquivalentTo(ConfigurationReader.TopLevelKeys);
        Keys(root.GetProperty("$defs").GetProperty("agent")).Should().BeEquivalentTo(ConfigurationReader.AgentKeys);
        Keys(properties.GetProperty("modes").GetProperty("additionalProperties")).Should().BeEquivalentTo(ConfigurationReader.ModeKeys);
        Keys(properties.GetProperty("limits")).Should().BeEquivalentTo(ConfigurationReader.LimitKeys);
        Keys(properties.GetProperty("budget")).Should().BeEquivalentTo(ConfigurationReader.BudgetKeys);
        Keys(properties.GetProperty("escalation")).Should().BeEquivalentTo(ConfigurationReader.EscalationKeys);
        Keys(properties.GetProperty("alarm")).Should().BeEquivalentTo(ConfigurationReader.AlarmKeys);
        Keys(properties.GetProperty("telemetry")).Should().BeEquivalentTo(ConfigurationReader.TelemetryKeys);
        Keys(properties.GetProperty("notices").GetProperty("items")).Should().BeEquivalentTo(NoticesReader.Keys);
        Keys(properties.GetProperty("memory")).Should().BeEquivalentTo(ConfigurationReader.MemoryKeys);
        Keys(properties.GetProperty("timing")).Should().BeEquivalentTo(ConfigurationReader.TimingKeys);
        Keys(properties.GetProperty("commit")).Should().BeEquivalentTo(CommitConfigurationReader.Keys);
        Keys(root.GetProperty("$defs").GetProperty("workflow")).Should().BeEquivalentTo(WorkflowReader.WorkflowKeys);
        Keys(root.GetProperty("$defs").GetProperty("workflowStage")).Should().BeEquivalentTo(WorkflowStageReader.Keys);
        Keys(root.GetProperty("$defs").GetProperty("workflowStep")).Should().BeEquivalentTo(WorkflowStepReader.Keys);
        Keys(root.GetProperty("$defs").GetProperty("workflowCommand")).Should().BeEquivalentTo(WorkflowCommandReader.Keys);
        Keys(
                root.GetProperty("$defs")
                    .GetProperty("workflowStage")
                    .GetProperty("properties")
                    .GetProperty("onFailure")
                    .GetProperty("oneOf")[1]
            )
            .Should()
            .BeEquivalentTo(FailurePolicyReader.Keys);
    }

    [Fact]
    public void Schema_Presets_AreThoseThatThereAre()
    {
        using var schema = Schema();

        schema
            .RootElement.GetProperty("$defs")
            .GetProperty("agent")
            .GetProperty("properties")
            .GetProperty("preset")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(static name => name.GetString())
            .Should()
            .Equal(AgentPresets.Names);
    }

    [Theory]
    [InlineData("limits")]
    [InlineData("memory")]
    public void Schema_RangesOfLimits_AreThoseOfTheReader(string part)
    {
        using var schema = Schema();
        foreach (var limit in schema.RootElement.GetProperty("properties").GetProperty(part).GetProperty("properties").EnumerateObject())
        {
            if (limit.Value.TryGetProperty("enum", out var words))
            {
                words.EnumerateArray().SelectMany(word => Diagnostics(part, limit.Name, word.GetRawText())).Should().BeEmpty();
                Diagnostics(part, limit.Name, "\"another\"").Should().ContainSingle(limit.Name);
                continue;
            }

            var least = limit.Value.GetProperty("minimum").GetInt64();
            var most = limit.Value.GetProperty("maximum").GetInt64();
            Diagnostics(part, limit.Name, least).Should().BeEmpty();
            Diagnostics(part, limit.Name, most).Should().BeEmpty();
            Diagnostics(part, limit.Name, least - 1).Should().ContainSingle(limit.Name);
            Diagnostics(part, limit.Name, most + 1).Should().ContainSingle(limit.Name);
        }
    }

    [Fact]
    public void Read_LimitsOfTheMemory_AreInForceAndTheDefaultsThoseOfTheSchema()
    {
        var given = ConfigurationReader
            .Read("""{"memory":{"maxLines":120,"maxBytes":20000}}"""u8.ToArray(), "mcp_startup.json")
            .Configuration.Memory;
        var standard = ConfigurationReader.Read("{}"u8.ToArray(), "mcp_startup.json").Configuration.Memory;
        using var schema = Schema();
        var stated = schema.RootElement.GetProperty("properties").GetProperty("memory").GetProperty("properties");

        (given.MaxLines, given.MaxBytes).Should().Be((120, 20_000));
        (standard.MaxLines, standard.MaxBytes)
            .Should()
            .Be(
                (
                    stated.GetProperty("maxLines").GetProperty("default").GetInt32(),
                    stated.GetProperty("maxBytes").GetProperty("default").GetInt32()
                )
            );
    }

    [Fact]
    public void Read_OwnStartupFile_HasNoFinding()
    {
        var (configuration, diagnostics) = ConfigurationReader.Read(
            File.ReadAllBytes(Path.Combine(Repository, "mcp_startup.json")),
            "mcp_startup.json"
        );

        diagnostics.Should().BeEmpty();
        configuration.Agents.Should().ContainKey("checks");
    }

    [Fact]
    public void Read_OwnSchedules_HasNoFinding()
    {
        var set = ScheduleFile.Read(File.ReadAllBytes(Path.Combine(Repository, "schedules.json")), "schedules.json", TimeZoneInfo.Utc);

        set.Diagnostics.Should().BeEmpty();
        set.Schedules.Should().HaveCount(2);
    }

    private static JsonDocument Schema() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository, "docs", "schemas", "mcp_startup.schema.json")));

    private static IReadOnlyList<Diagnostic> Diagnostics(string part, string limit, long value) =>
        Diagnostics(part, limit, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static IReadOnlyList<Diagnostic> Diagnostics(string part, string limit, string value) =>
        ConfigurationReader
            .Read(System.Text.Encoding.UTF8.GetBytes($"{{\"{part}\":{{\"{limit}\":{value}}}}}"), "mcp_startup.json")
            .Diagnostics;

    private static IEnumerable<string> Keys(JsonElement schema)
    {
        schema.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        return schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
    }
}
