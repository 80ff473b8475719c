namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary><c>save_schedule</c> as a client calls it.</summary>
public sealed class SaveScheduleDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Save_NewAndChanged_IsInTheFileAndInForce()
    {
        _workspace.Files.Write("schedules.json", "{\r\n  \"mine\": 1, // é\r\n  \"schedules\": []\r\n}");
        var client = await _workspace.ConnectAsync(_workspace.StartStdio());

        var made = await client.CallAsync(
            "save_schedule",
            ("name", "Nightly"),
            ("task", "Do it → all"),
            ("interval", "2 days"),
            ("start", "03:00"),
            ("time_zone", "Europe/Berlin"),
            ("days", "mon, sunday"),
            ("mode", "debug")
        );
        var id = made.Text("id");

        made.GetProperty("created").GetBoolean().Should().BeTrue();
        made.GetProperty("next_occurrence").GetDateTimeOffset().Should().BeAfter(DateTimeOffset.UnixEpoch);
        (await client.CallAsync("list_schedules")).GetProperty("schedules")[0].Text("id").Should().Be(id);
        var before = _workspace.Files.Read("schedules.json");
        before
            .Should()
            .StartWith("{\r\n  \"mine\": 1, // é\r\n")
            .And.Contain("Do it → all")
            .And.Contain("\"timeInterval\": \"2\"")
            .And.NotContain("nextExecutionTime");

        var changed = await client.CallAsync("save_schedule", ("schedule_id", id), ("active", false), ("interval", "3 days"));

        changed.Lines("changed").Should().Be("timeInterval\nactive");
        changed.TryGetProperty("next_occurrence", out _).Should().BeFalse();
        _workspace.Files.Read(changed.Text("backup")).Should().Be(before);
        WithoutTime(_workspace.Files.Read("schedules.json"))
            .Should()
            .Be(
                WithoutTime(
                    before
                        .Replace("\"timeInterval\": \"2\"", "\"timeInterval\": \"3\"", StringComparison.Ordinal)
                        .Replace("\"active\": true", "\"active\": false", StringComparison.Ordinal)
                )
            );
    }

    [Fact]
    public async Task Save_Wrong_NamesAllReasonsAndWritesNothing()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);

        (await client.RefusalAsync("save_schedule", ("name", "x"), ("mode", "debugg"), ("cron", "0 0 30 2 *"), ("misfire", "twice")))
            .Should()
            .Contain("needs task")
            .And.Contain("nearest: debug")
            .And.Contain("\"once\", \"skip\" or \"all\"");
        (await client.RefusalAsync("save_schedule", ("name", "x"), ("task", "t"), ("cron", "0 0 30 2 *")))
            .Should()
            .Contain("could never fire");
        File.Exists(_workspace.FullPath("schedules.json")).Should().BeFalse();
    }

    [Fact]
    public async Task Save_WithACommand_IsRefused()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);

        (await client.RefusalAsync("save_schedule", ("name", "x"), ("task", "t"), ("interval", "1 day"), ("only_if", new[] { "sh" })))
            .Should()
            .Contain("'only_if' is for people to write into schedules.json");
    }

    [Fact]
    public async Task Save_PoliciesOfTheFile_AreKept()
    {
        _workspace.Files.Write(
            "schedules.json",
            "{\"schedules\":[{\"id\":\"a\",\"name\":\"n\",\"mode\":\"code\",\"cron\":\"0 3 * * *\",\"onlyIf\":[\"true\"],\"jitter\":5}]}"
        );
        var client = await _workspace.ServeHereAsync(trusted: false);

        await client.CallAsync("save_schedule", ("schedule_id", "a"), ("name", "m"));

        _workspace
            .Files.Read("schedules.json")
            .Should()
            .MatchRegex(
                "^{\"schedules\":\\[{\"id\":\"a\",\"name\":\"m\",\"mode\":\"code\",\"cron\":\"0 3 \\* \\* "
                    + "\\*\",\"onlyIf\":\\[\"true\"\\],\"updatedAt\":\"[^\"]+\",\"jitter\":5}\\]}$"
            );
    }

    // The one value that is meant to change with every save.
    private static string WithoutTime(string file) =>
        System.Text.RegularExpressions.Regex.Replace(
            file,
            "\"updatedAt\": \"[^\"]*\"",
            "",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
