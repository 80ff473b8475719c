using System.Text.Json;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Clients that were cut off and ask again.</summary>
public sealed class RequestIdDoorTests : IAsyncLifetime
{
    private static readonly (string, object?) Id = ("request_id", "3f9c2c0e-9c0d-4b3f-8a52-0d5a52a1f6d3");

    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Tools_AskedAgainWithTheirRequestId_AnswerAlikeAndDoNothingTwice()
    {
        _workspace.WriteSchedules(Inactive("one"), Inactive("two"));
        var client = await _workspace.ServeHereAsync(trusted: false);
        var run = await AgainAsync("run_mode", ("task", "Do else."), ("mode", "code"), ("task", "Do it."));
        await AgainAsync("trigger_schedule", ("schedule_id", "two"), ("schedule_id", "one"));
        await AgainAsync("save_schedule", ("name", "else"), ("name", "three"), ("task", "x"), ("interval", "6 hours"), ("active", false));
        await AgainAsync("append_memory", ("content", "Else."), ("section", "updates"), ("content", "It needs oil."));
        await AgainAsync("log_timing", ("mode", "else"), ("action", "start"), ("task", "x"), ("mode", "any"));
        var nothing = new object?[] { null };
        (
            await client.RefusalAsync(
                "complete_run",
                [("run_id", run.Text("run_id")), ("outcome", "succeeded"), ("summary", "s"), ("findings", nothing), Id]
            )
        )
            .Should()
            .Contain("'findings' has at index 0 an item that must be a string, and is null");
        await AgainAsync(
            "complete_run",
            ("summary", "Else."),
            ("run_id", run.Text("run_id")),
            ("outcome", "succeeded"),
            ("summary", "It is done.")
        );

        (await client.CallAsync("list_runs")).GetProperty("runs").GetArrayLength().Should().Be(2);
        (await client.CallAsync("list_schedules", ("include_inactive", true))).GetProperty("schedules").GetArrayLength().Should().Be(3);
        (await client.CallAsync("read_memory", ("query", "oil"))).GetProperty("entries")[0].GetProperty("seen").GetInt32().Should().Be(1);
        (await client.CallAsync("get_timing", ("mode", "any"))).GetProperty("open_count").GetInt32().Should().Be(1);

        async Task<JsonElement> AgainAsync(string tool, (string Name, object? Value) other, params (string Name, object? Value)[] arguments)
        {
            var first = await client.CallAsync(tool, [.. arguments, Id]);
            (await client.CallAsync(tool, [.. arguments, Id])).GetRawText().Should().Be(first.GetRawText(), tool);
            var changed = arguments.Where(argument => argument.Name != other.Name).Append(other);
            (await client.RefusalAsync(tool, [.. changed, Id])).Should().Contain($"a call of {tool}").And.Contain("other arguments");
            return first;
        }
    }

    [Fact]
    public async Task RunMode_OnTwoServersOfWhichOneIsKilled_IsOneHandOffWithOneToken()
    {
        var (first, second) = (_workspace.StartStdio(), _workspace.StartStdio());
        var clients = new[] { await _workspace.ConnectAsync(first), await _workspace.ConnectAsync(second) };
        (string, object?)[] call = [("mode", "code"), ("task", "Do it."), Id];

        var answers = await Task.WhenAll(clients.Select(client => client.CallAsync("run_mode", call)));

        answers.Select(static answer => answer.Text("run_id")).Distinct(StringComparer.Ordinal).Should().ContainSingle();
        first.Kill();
        var again = await clients[1].CallAsync("run_mode", call);
        again.Text("lease_token").Should().Be(answers[0].Text("lease_token")).And.Be(answers[1].Text("lease_token"));
        again.Text("brief").Should().Contain("Do it.");
        (
            await clients[1]
                .CallAsync(
                    "complete_run",
                    ("run_id", again.Text("run_id")),
                    ("outcome", "succeeded"),
                    ("summary", "It is done."),
                    ("lease_token", again.Text("lease_token"))
                )
        )
            .Text("state")
            .Should()
            .Be("succeeded");
        (await clients[1].CallAsync("list_runs")).GetProperty("runs").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Runs_OfADueMomentAndOfACall_SayWhatTheyWereStartedBy()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        var client = await _workspace.ServeHereAsync();
        var due = await client.RunOfScheduleAsync("one");
        var asked = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "Do it."))).Text("run_id");

        var (ofMoment, ofCall) = (await client.CallAsync("get_run", ("run_id", due)), await client.CallAsync("get_run", ("run_id", asked)));

        (ofMoment.Text("origin"), ofCall.Text("origin")).Should().Be(("schedule", "request"));
        ofMoment.GetProperty("scheduled_for").GetDateTimeOffset().Should().BeAfter(DateTimeOffset.UnixEpoch);
        ofCall.TryGetProperty("scheduled_for", out _).Should().BeFalse();
        ofMoment.TryGetProperty("catch_up", out _).Should().BeFalse("it was on time");
        (await client.CallAsync("list_runs"))
            .GetProperty("runs")
            .EnumerateArray()
            .Select(static run => run.Text("origin"))
            .Should()
            .Equal("request", "schedule");
    }

    private static System.Text.Json.Nodes.JsonObject Inactive(string id)
    {
        var schedule = LoopWorkspace.DueNow(id);
        schedule["active"] = false;
        return schedule;
    }
}
