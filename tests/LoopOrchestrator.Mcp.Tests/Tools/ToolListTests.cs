using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.Door;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The list of all tools as a client gets it, and what the server makes of arguments that do not fit it.</summary>
public sealed class ToolListTests(ServedTools served, ITestOutputHelper output) : IClassFixture<ServedTools>, IAsyncDisposable
{
    private const int MostBytes = 24 * 1024;

    /// <summary>What clients rely on: a trailing question mark says that it may be left out.</summary>
    private static readonly Dictionary<string, string> Promised = new(StringComparer.Ordinal)
    {
        ["run_mode"] = "mode task agent? priority? timeout_seconds? wait_seconds? parent_run_id?",
        ["complete_run"] = "outcome summary run_id? findings? follow_ups? questions? lease_token?",
        ["get_run"] = "run_id lease_token?",
        ["cancel_run"] = "run_id",
        ["claim_run"] = "run_id? mode?",
        ["list_runs"] = "state? schedule_id? limit? cursor?",
        ["answer_run"] = "run_id answers?",
        ["resolve_escalation"] = "escalation_id note",
        ["log_timing"] = "action task? mode? task_id? priority? result? start_time? end_time?",
        ["get_timing"] = "",
        ["append_memory"] = "section content category? mode? pinned?",
        ["read_memory"] = "section? query?",
        ["search_memory"] = "query section? mode? category? since? limit?",
        ["list_schedules"] = "include_inactive?",
        ["save_schedule"] = "schedule_id? name? mode? task? interval? cron? time_zone? days? start? expires? active? misfire?",
        ["trigger_schedule"] = "schedule_id",
        ["list_modes"] = "",
        ["list_todos"] = "",
        ["update_todo"] = "action id? text? section? acceptance?",
        ["get_status"] = "",
    };

    /// <summary>The same of those that have to be asked for.</summary>
    private static readonly Dictionary<string, string> PromisedOnDemand = new(StringComparer.Ordinal)
    {
        ["get_cycle"] = "cycle_id",
        ["list_cycles"] = "state? schedule_id? limit? cursor?",
        ["cancel_cycle"] = "cycle_id reason?",
        ["rollback_run"] = "run_id dry_run? skip_conflicts?",
        ["delete_schedule"] = "schedule_id",
        ["compact_memory"] = "headroom_percent? dry_run?",
    };

    private readonly LoopWorkspace _workspace = new();
    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public void List_IsShort()
    {
        output.WriteLine($"tools/list: {served.Default.Count} tools, {served.Bytes} bytes");

        served.Bytes.Should().BeLessThan(MostBytes);
        served.Default.Select(static tool => (string)tool["name"]!).Should().OnlyHaveUniqueItems().And.Contain(Promised.Keys).And.NotContain(PromisedOnDemand.Keys);
        served.All.Select(static tool => (string)tool["name"]!).Should().OnlyHaveUniqueItems().And.Contain([.. Promised.Keys, .. PromisedOnDemand.Keys]);
    }

    [Fact]
    public void List_IsTheOneThatTheSnapshotsAreMadeOf()
    {
        served.All.Select(ToolSnapshot.Text).Should().Equal(ListedTools.Of("all").Select(ToolSnapshot.Text));
        served.Default.Select(ToolSnapshot.Text).Should().Equal(ListedTools.Of("default").Select(ToolSnapshot.Text));
    }

    [Fact]
    public void Tools_TakeWhatIsPromised()
    {
        foreach (var (name, arguments) in Promised.Concat(PromisedOnDemand))
        {
            var required = Required(Schema(name));
            foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                Properties(Schema(name)).Should().ContainKey(argument.TrimEnd('?'), name);
                required.Contains(argument.TrimEnd('?')).Should().Be(!argument.EndsWith('?'), $"of {argument} of {name}");
            }

            required.Should().BeSubsetOf(arguments.Split(' '), $"{name} may ask for no more than was promised");
        }
    }

    [Fact]
    public void Tools_DescribeThemselvesWhole()
    {
        foreach (var tool in served.All)
        {
            var name = (string)tool["name"]!;
            ((string?)tool["title"]).Should().NotBeNullOrEmpty(name);
            ((string?)tool["description"]).Should().NotBeNullOrEmpty(name);
            foreach (var hint in (string[])["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"])
            {
                tool["annotations"]![hint].Should().NotBeNull($"{name} states {hint}");
            }

            tool["outputSchema"].Should().NotBeNull(name);
            foreach (var schema in (string[])["inputSchema", "outputSchema"])
            {
                ((string?)tool[schema]!["type"]).Should().Be("object", name);
                foreach (var combination in (string[])["anyOf", "oneOf", "allOf", "$ref"])
                {
                    tool[schema]![combination].Should().BeNull($"{name} has no top-level {combination}");
                }
            }
        }
    }

    [Fact]
    public void Arguments_AreNamedInSnakeCase_Described_OfOneType_AndBounded()
    {
        foreach (var tool in served.All)
        {
            foreach (var (name, property) in Properties(tool["inputSchema"]!))
            {
                var where = $"{tool["name"]}.{name}";
                name.Should().MatchRegex("^[a-z][a-z0-9_]*$", where);
                ((string?)property["description"]).Should().NotBeNullOrEmpty(where);
                property["type"].Should().BeAssignableTo<JsonValue>($"{where} has one type");
                IsBounded(property).Should().BeTrue($"{where} is bounded: {property.ToJsonString()}");
            }
        }
    }

    [Fact]
    public async Task Arguments_ThatDoNotFit_AreNamed()
    {
        var client = await _workspace.ServeHereAsync("all", trusted: false);
        foreach (var tool in served.All)
        {
            var name = (string)tool["name"]!;
            var valid = Valid(name);
            (await client.RefusalAsync(name, [.. valid, ("no_such_argument", 1)])).Should().Contain($"{name} was not called").And.Contain("'no_such_argument' is unknown");
            foreach (var required in Required(tool["inputSchema"]!))
            {
                (await client.RefusalAsync(name, valid.Where(argument => argument.Name != required))).Should().Contain($"The argument '{required}' is missing");
            }

            foreach (var (argument, property) in Properties(tool["inputSchema"]!))
            {
                foreach (var wrong in Wrong(property))
                {
                    var refusal = await client.RefusalAsync(name, [.. valid.Where(other => other.Name != argument), (argument, wrong)]);
                    refusal.Should().Contain($"{name} was not called. The argument '{argument}' ", $"{wrong} was given");
                }
            }
        }
    }

    [Fact]
    public async Task OptionalArguments_GivenAsNull_AreLeftOut_AndAnswersFitTheirSchema()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        var client = await _workspace.ServeHereAsync("all", trusted: false);
        var run = await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"));
        foreach (var tool in served.All.OrderBy(static tool => (string)tool["name"]! is "cancel_run" or "delete_schedule"))
        {
            var name = (string)tool["name"]!;
            var valid = Valid(name);
            var nulls = Properties(tool["inputSchema"]!).Keys.Where(argument => valid.TrueForAll(given => given.Name != argument)).Select(static argument => (argument, (object?)null));
            var result = await client.TryCallAsync(name, [.. valid.Select(argument => argument.Name == "run_id" ? (argument.Name, run.Text("run_id")) : argument), .. nulls]);
            if (result.IsError == true)
            {
                result.Text().Should().NotContain("was not called").And.NotContain("inside the server", name);
                continue;
            }

            var answer = result.StructuredContent!.Value.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
            answer.Keys.Should().Contain(Required(tool["outputSchema"]!), name).And.BeSubsetOf(Properties(tool["outputSchema"]!).Keys, name);
            foreach (var (member, value) in answer)
            {
                ((string?)Properties(tool["outputSchema"]!)[member]["type"]).Should().Be(TypeOf(value, (string?)Properties(tool["outputSchema"]!)[member]["type"]), $"{name}.{member}");
            }
        }
    }

    private static string? TypeOf(JsonElement value, string? stated) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => stated == "number" ? "number" : "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    private static bool IsBounded(JsonObject schema) => (string?)schema["type"] switch
    {
        "boolean" => true,
        "string" => schema["maxLength"] is not null || schema["enum"] is not null || schema["format"] is not null,
        "integer" or "number" => schema["minimum"] is not null && schema["maximum"] is not null,
        "array" => schema["maxItems"] is not null && schema["items"] is JsonObject items && IsBounded(items),
        _ => false,
    };

    private static IEnumerable<object> Wrong(JsonObject schema)
    {
        yield return (string?)schema["type"] == "string" ? 5 : "five";
        if (schema["enum"] is not null || schema["format"] is not null)
        {
            yield return "none of these";
        }

        if (schema["maxLength"] is { } longest)
        {
            yield return new string('x', (int)longest + 1);
        }

        if (schema["maximum"] is { } most)
        {
            yield return (int)most + 1;
            yield return (int)schema["minimum"]! - 1;
        }

        if (schema["maxItems"] is { } items)
        {
            yield return Enumerable.Repeat("x", (int)items + 1).ToArray();
            yield return new[] { new string('x', (int)schema["items"]!["maxLength"]! + 1) };
        }
    }

    private static List<(string Name, object? Value)> Valid(string tool) => tool switch
    {
        "run_mode" => [("mode", "code"), ("task", "x y")],
        "complete_run" => [("run_id", "run-none"), ("outcome", "failed"), ("summary", "x")],
        "answer_run" => [("run_id", "run-none"), ("answers", new[] { "x" })],
        "resolve_escalation" => [("escalation_id", 1), ("note", "x")],
        "get_run" or "cancel_run" or "rollback_run" => [("run_id", "run-none")],
        "get_cycle" or "cancel_cycle" => [("cycle_id", "run-none")],
        "log_timing" => [("action", "start"), ("task", "x"), ("mode", "any")],
        "append_memory" => [("section", "updates"), ("content", "x")],
        "update_todo" => [("action", "add"), ("text", "x")],
        "search_memory" => [("query", "x")],
        "trigger_schedule" or "delete_schedule" => [("schedule_id", "one")],
        _ => [],
    };

    private static Dictionary<string, JsonObject> Properties(JsonNode schema) =>
        schema["properties"] is JsonObject properties ? properties.ToDictionary(static member => member.Key, static member => member.Value!.AsObject(), StringComparer.Ordinal) : [];

    private static HashSet<string> Required(JsonNode schema) =>
        schema["required"] is JsonArray required ? required.Select(static name => (string)name!).ToHashSet(StringComparer.Ordinal) : [];

    private JsonNode Schema(string tool) => served.All.Single(candidate => (string)candidate["name"]! == tool)["inputSchema"]!;
}
