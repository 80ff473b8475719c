namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class ScheduleSaveCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Save_List_DeleteLeaveTheFileAsItWas()
    {
        const string File =
            "{\n  \"schedules\": [\n    { \"id\": \"old\", \"name\": \"old\", \"mode\": \"code\", \"cron\": \"0 3 * * "
            + "*\", \"timeZone\": \"UTC\" } // kept\n  ]\n}\n";
        _command.Workspace.Write("schedules.json", File);

        (
            await _command.SucceedProgramAsync(
                "schedules",
                "save",
                "new",
                "--name",
                "New one",
                "--task",
                "t",
                "--interval",
                "1 hour",
                "--days",
                "mon,tue",
                "--active",
                "false"
            )
        )
            .Should()
            .Contain("Created 'new'")
            .And.Contain(".loop/backups/schedules.json/");
        (await _command.SucceedAsync("schedules", "save", "old", "--mode-slug", "debug"))
            .Should()
            .Contain("Changed 'old' (mode)")
            .And.MatchRegex("Due next: .*03:00");
        (await _command.SucceedAsync("schedules", "list", "--all")).Should().Contain("New one");
        (await _command.SucceedAsync("schedules", "save", "old", "--mode-slug", "debug")).Should().Contain("Nothing to change");
        (await _command.SucceedAsync("schedules", "delete", "new")).Should().Contain("Deleted 'new'");

        _command
            .Workspace.Read("schedules.json")
            .Should()
            .MatchRegex("\"mode\": \"debug\".*\"updatedAt\": \".*// kept\n  ]\n}\n$")
            .And.NotContain("new");
    }

    [Fact]
    public async Task SaveOrDelete_Refused_SaysWhy()
    {
        (await _command.FailAsync("schedules", "save", "x", "--interval", "soon"))
            .Should()
            .Contain("interval is \"soon\"")
            .And.Contain("needs name, task");
        (await _command.FailAsync("schedules", "delete", "x")).Should().Contain("There is no schedule 'x'");
    }
}
