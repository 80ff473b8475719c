using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The list of all tools as a client gets it, and what the server makes of arguments that do not fit it.</summary>
public sealed class ToolListTests(ServedTools served, ITestOutputHelper output) : IClassFixture<ServedTools>, IAsyncDisposable
{
    private const int MaxBytes = 24 * 1024;
    private const string Unannotated = "show_board";

    /// <summary>What clients rely on: a trailing question mark says that it may be left out.</summary>
    private static readonly Dictionary<string, string> Promised = new(StringComparer.Ordinal)
    {
        ["run_mode"] = "mode task agent? priority? timeout_seconds? wait_seconds? parent_run_id? request_id?",
        ["complete_run"] = "outcome summary run_id? findings? follow_ups? questions? lease_token? request_id?",
        ["get_run"] = "run_id lease_token?",
        ["cancel_run"] = "run_id confirm?",
        ["claim_run"] = "run_id? mode?",
        ["list_runs"] = "state? schedule_id? limit? cursor?",
        ["answer_run"] = "run_id answers?",
        ["resolve_escalation"] = "escalation_id note",
        ["log_timing"] = "action task? mode? task_id? priority? result? start_time? end_time? request_id?",
        ["get_timing"] = "",
        ["append_memory"] = "section content category? mode? pinned? request_id?",
        ["read_memory"] = "section? query?",
        ["search_memory"] = "query section? mode? category? since? limit?",
        ["list_schedules"] = "include_inactive?",
        ["save_schedule"] = "schedule_id? name? mode? task? interval? cron? time_zone? days? start? expires? active? misfire? request_id?",
        ["trigger_schedule"] = "schedule_id request_id?",
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
        ["cancel_cycle"] = "cycle_id reason? confirm?",
        ["rollback_run"] = "run_id dry_run? skip_conflicts? confirm?",
        ["delete_schedule"] = "schedule_id confirm?",
        ["compact_memory"] = "headroom_percent? dry_run?",
        ["resume_agent"] = "agent",
        ["show_board"] = "",
        ["read_file"] = "path from_line? cursor?",
        ["list_files"] = "folder? name? depth? backups_of? cursor?",
        ["search_files"] = "pattern folder? name? ignore_case? cursor?",
        ["write_file"] = "path content append? expected_sha256?",
        ["backup_file"] = "path",
        ["restore_file"] = "backup_id",
    };

    private readonly LoopWorkspace _workspace = new();

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public void List_OfAllTools_IsShort()
    {
        output.WriteLine($"tools/list: {served.Default.Count} tools, {served.Bytes} bytes");

        served.Bytes.Should().BeLessThan(MaxBytes);
        served
            .Default.Select(static tool => (string)tool["name"]!)
            .Should()
            .OnlyHaveUniqueItems()
            .And.Contain(Promised.Keys)
            .And.NotContain(PromisedOnDemand.Keys);
        served
            .All.Select(static tool => (string)tool["name"]!)
            .Should()
            .OnlyHaveUniqueItems()
            .And.Contain([.. Promised.Keys, .. PromisedOnDemand.Keys]);
    }

    [Fact]
    public async Task List_OfAnAgentsServer_IsWhatARunNeeds()
    {
        var client = await _workspace.ServeHereAsync("agent", trusted: false);

        (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
            .Select(static tool => tool.Name)
            .Should()
            .BeEquivalentTo(
                "run_mode",
                "get_run",
                "complete_run",
                "append_memory",
                "read_memory",
                "search_memory",
                "list_todos",
                "update_todo",
                "list_modes"
            );
        client.ServerInstructions.Should().Contain("complete_run").And.NotContain("get_status");
    }

    [Fact]
    public void List_OfTheProgram_IsTheOneThatTheSnapshotsAreMadeOf()
    {
        served.All.Select(ToolSnapshot.Text).Should().Equal(ListedTools.Of(ListedTools.Everything).Select(ToolSnapshot.Text));
        served.Default.Select(ToolSnapshot.Text).Should().Equal(ListedTools.Of("default").Select(ToolSnapshot.Text));
    }

    [Fact]
    public void Tools_EachArgument_TakeWhatIsPromised()
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
    public void Tools_AllOfThem_DescribeThemselvesWhole()
    {
        foreach (var tool in served.All)
        {
            var name = (string)tool["name"]!;
            ((string?)tool["title"]).Should().NotBeNullOrEmpty(name);
            ((string?)tool["description"]).Should().NotBeNullOrEmpty(name);
            if (name == Unannotated)
            {
                tool["annotations"].Should().BeNull("one client draws no page for a tool that carries any");
            }

            foreach (
                var hint in name == Unannotated ? [] : (string[])["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]
            )
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
    public void Arguments_AreNamedInSnakeCase_DescribedOfOneTypeAndBounded()
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
        var client = await _workspace.ServeHereAsync(ListedTools.Everything, trusted: false);
        foreach (var tool in served.All)
        {
            var name = (string)tool["name"]!;
            var valid = Valid(name);
            foreach (var required in Required(tool["inputSchema"]!))
            {
                (await client.RefusalAsync(name, valid.Where(argument => argument.Name != required)))
                    .Should()
                    .Contain($"The argument '{required}' is missing");
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
    public async Task Arguments_ThatMayBeLeftOutOrAreNone_AreLeftOut()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        var client = await _workspace.ServeHereAsync(ListedTools.Everything, trusted: false);
        foreach (var tool in served.All)
        {
            var name = (string)tool["name"]!;
            var valid = Valid(name);
            var nulls = Properties(tool["inputSchema"]!).Keys.Where(argument => valid.TrueForAll(given => given.Name != argument));
            var result = await client.TryCallAsync(
                name,
                [.. valid, .. nulls.Select(static argument => (argument, (object?)null)), ("no_such_argument", 1)]
            );
            if (result.IsError != true)
            {
                result.Text().Should().EndWith($"Ignored, for {name} has no such argument: 'no_such_argument'.");
            }

            // That there is no such run is the answer of the tool, which was called then.
            result.Text().Should().NotContain("was not called").And.NotContain("inside the server", name);
        }
    }

    [Fact]
    public async Task Answers_OfEveryTool_FitTheSchemaThatItPromises()
    {
        _workspace.Limits["failuresToEscalate"] = 1;
        _workspace.WriteConfiguration();
        var yearly = LoopWorkspace.DueNow("one");
        yearly["cron"] = "0 0 29 2 *";
        _workspace.WriteSchedules(yearly);
        var client = await _workspace.ServeHereAsync(ListedTools.Everything);
        var answers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        async Task<JsonElement> CallAsync(string tool, params IEnumerable<(string Name, object? Value)> arguments)
        {
            var result = await client.TryCallAsync(tool, arguments);
            result.IsError.Should().NotBeTrue(result.Text());
            result.ShouldHoldAllInItsText(tool);
            return answers[tool] = result.StructuredContent!.Value;
        }

        // A hand-off with a question, answered, taken again and cancelled.
        var run = await CallAsync("run_mode", ("mode", "code"), ("task", "x"), ("wait_seconds", 50));
        var id = ("run_id", (object?)run.Text("run_id"));
        var token = ("lease_token", (object?)run.Text("lease_token"));
        await CallAsync("complete_run", id, ("outcome", "needs_input"), ("summary", "x"), ("questions", new[] { "Red?" }), token);
        await CallAsync("answer_run", id, ("answers", new[] { "Blue." }));
        await CallAsync("claim_run", id);
        await CallAsync("cancel_run", id);
        await CallAsync("get_run", id);

        // A schedule whose work fails, so that it escalates.
        var due = (await CallAsync("trigger_schedule", ("schedule_id", "one"))).Text("run_id");
        token = ("lease_token", (await client.CallAsync("claim_run", ("run_id", due))).Text("lease_token"));
        await client.CallAsync("complete_run", ("run_id", due), ("outcome", "failed"), ("summary", "x"), token);
        await CallAsync("resolve_escalation", ("escalation_id", 1), ("note", "x"));
        await CallAsync("resume_agent", ("agent", "handoff"));

        // A cycle that is cancelled and taken back.
        var cycle = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "x"))).Text("run_id");
        await Eventually.FindAsync("a step that a client could claim", async () =>
            (await client.TryCallAsync("get_cycle", [("cycle_id", cycle)])).StructuredContent is { } told
            && told.TryGetProperty("items", out var items)
            && items.GetArrayLength() > 0
            && items[0].TryGetProperty("run_id", out _)
                ? cycle
                : null
        );
        await CallAsync("cancel_cycle", ("cycle_id", cycle));
        await client.EndOfRunAsync(cycle);
        await CallAsync("get_cycle", ("cycle_id", cycle));
        await CallAsync("rollback_run", ("run_id", cycle));

        // A file that is written twice and brought back.
        await CallAsync("write_file", ("path", "notes.md"), ("content", "xx"));
        var written = await CallAsync("write_file", ("path", "notes.md"), ("content", "x"));
        await CallAsync("restore_file", ("backup_id", written.Text("backup_id")));

        await CallAsync("save_schedule", ("name", "two"), ("task", "x"), ("interval", "6 hours"));
        foreach (var name in served.All.Select(static tool => (string)tool["name"]!).Except(answers.Keys, StringComparer.Ordinal).ToList())
        {
            await CallAsync(name, Valid(name));
        }

        answers.Keys.Should().BeEquivalentTo(served.All.Select(static tool => (string)tool["name"]!));
        foreach (var (name, answer) in answers)
        {
            CheckFits(name, answer);
        }
    }

    private void CheckFits(string tool, JsonElement answer)
    {
        var schema = served.All.Single(candidate => (string)candidate["name"]! == tool)["outputSchema"]!;
        JsonSchemaCheck.Problems(JsonSerializer.SerializeToElement(schema), answer).Should().BeEmpty(tool);
        answer.EnumerateObject().Select(static member => member.Name).Should().BeSubsetOf(Properties(schema).Keys, tool);
    }

    private static bool IsBounded(JsonObject schema) =>
        (string?)schema["type"] switch
        {
            "boolean" => true,
            "string" => schema["maxLength"] is not null || schema["enum"] is not null || schema["format"] is not null,
            "integer" or "number" => schema["minimum"] is not null && schema["maximum"] is not null,
            "array" => schema["maxItems"] is not null && schema["items"] is JsonObject items && IsBounded(items),
            _ => false,
        };

    private static IEnumerable<object> Wrong(JsonObject schema)
    {
        yield return (string?)schema["type"] == "string" ? (object)new[] { 5 } : "five";
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

    private static List<(string Name, object? Value)> Valid(string tool) =>
        tool switch
        {
            "run_mode" => [("mode", "code"), ("task", "x y")],
            "complete_run" => [("run_id", "run-none"), ("outcome", "failed"), ("summary", "x")],
            "answer_run" => [("run_id", "run-none"), ("answers", new[] { "x" })],
            "resolve_escalation" => [("escalation_id", 1), ("note", "x")],
            "resume_agent" => [("agent", "handoff")],
            "read_file" or "backup_file" => [("path", "notes.md")],
            "search_files" => [("pattern", "^# [A-Z]+")],
            "write_file" => [("path", "notes.md"), ("content", "x")],
            "restore_file" => [("backup_id", "20260101T000000Z-00000000-1")],
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
        schema["properties"] is JsonObject properties
            ? properties.ToDictionary(static member => member.Key, static member => member.Value!.AsObject(), StringComparer.Ordinal)
            : [];

    private static HashSet<string> Required(JsonNode schema) =>
        schema["required"] is JsonArray required ? required.Select(static name => (string)name!).ToHashSet(StringComparer.Ordinal) : [];

    private JsonNode Schema(string tool) => served.All.Single(candidate => (string)candidate["name"]! == tool)["inputSchema"]!;
}
