namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Help and usage errors, in this process; <see cref="CommandLineTests"/> has the program itself give one of each.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("init")]
    [InlineData("trust", "--revoke")]
    [InlineData("workspace add", "NAME", "FOLDER")]
    [InlineData("workspace list", "--json")]
    [InlineData("workspace remove", "NAME")]
    [InlineData("token create", "--scope", "--expires", "--token-file", "--json", "NAME")]
    [InlineData("token list", "--token-file", "--json")]
    [InlineData("token revoke", "--token-file", "NAME")]
    [InlineData("status", "--json")]
    [InlineData("doctor", "--json")]
    [InlineData("run", "--agent", "--timeout", "--wait", "--take", "MODE", "TASK")]
    [InlineData("runs list", "--state", "--limit", "--cursor")]
    [InlineData("runs show", "--brief", "RUN_ID")]
    [InlineData("runs log", "--follow", "RUN_ID")]
    [InlineData("runs seen", "--all", "--done", "--json", "RUN_ID")]
    [InlineData("runs cancel", "--reason")]
    [InlineData("runs claim", "--mode", "--json", "RUN_ID")]
    [InlineData("runs heartbeat", "RUN_ID", "--lease-token")]
    [InlineData("runs complete", "--finding", "--follow-up", "--question", "--lease-token", "OUTCOME", "SUMMARY")]
    [InlineData("runs answer", "RUN_ID", "ANSWER")]
    [InlineData("escalations list", "--all")]
    [InlineData("escalations resolve", "ESCALATION", "NOTE")]
    [InlineData("schedules list", "--all")]
    [InlineData("schedules history", "--limit", "SCHEDULE_ID")]
    [InlineData("schedules trigger", "SCHEDULE_ID")]
    [InlineData("pause", "--reason")]
    [InlineData("resume", "SCHEDULE_ID")]
    [InlineData("modes list")]
    [InlineData("modes show", "SLUG")]
    [InlineData("modes export", "--built-in", "--all", "--output", "--force")]
    [InlineData("modes lint", "--json", "FILE")]
    [InlineData("workflows list")]
    [InlineData("workflows show", "--task", "--mermaid", "--json", "WORKFLOW")]
    [InlineData("cycles list", "--schedule", "--limit", "--cursor")]
    [InlineData("cycles show", "CYCLE_ID")]
    [InlineData("cycles start", "--workflow", "--wait", "--json", "TASK")]
    [InlineData("cycles cancel", "--reason", "CYCLE_ID")]
    [InlineData("cycles rollback", "--apply", "--skip-conflicts", "ID")]
    [InlineData("import modes", "--replace", "--dry-run", "PATH")]
    [InlineData("install", "--scope", "--http", "--url", "--token-variable", "--program", "--replace", "--no-check", "--json", "CLIENT")]
    [InlineData("uninstall", "--scope", "--yes", "--dry-run", "--json", "CLIENT")]
    [InlineData("completion", "SHELL")]
    [InlineData("memory show", "--section", "--query")]
    [InlineData("timing list", "--limit")]
    [InlineData("timing stats")]
    [InlineData("timing export", "--format", "--from", "--to")]
    [InlineData("runs export", "--format", "--from", "--to", "--state")]
    [InlineData("report", "--period", "--format", "--output", "--force")]
    [InlineData("todo list", "--all")]
    [InlineData("commit", "--apply", "--message", "--allow-detached", "--json")]
    public async Task Help_OfACommand_NamesItsPartsAndTheCommonOptions(string command, params string[] parts)
    {
        var help = await CommandLineHere.RunAsync([.. command.Split(' '), "--help"]);

        help.ExitCode.Should().Be(0);
        help.Error.Should().BeEmpty();
        help.Output.Should().ContainAll([.. parts, "--workspace", "--config"]).And.NotContain("--port");
    }

    [Theory]
    [InlineData("loop-orchestrator runs --help", "runs")]
    [InlineData("must be a whole number from 1 to 200", "runs", "list", "--limit", "0")]
    [InlineData("must be a whole number from 1 to 200", "runs", "list", "--limit", "many")]
    [InlineData("succeeded", "runs", "list", "--state", "done")]
    [InlineData("must be a whole number from 1 to 100", "cycles", "list", "--limit", "0")]
    [InlineData("loop-orchestrator cycles show --help", "cycles", "show")]
    [InlineData("exclude each other", "workflows", "show", "--mermaid", "--json")]
    [InlineData("exclude each other", "modes", "export", "--built-in", "--all")]
    [InlineData("loop-orchestrator run --help", "run", "code")]
    [InlineData("claude-desktop", "install", "emacs")]
    [InlineData("--json asks nobody", "install", "claude", "--json")]
    [InlineData("--json asks nobody", "uninstall", "claude", "--json")]
    [InlineData("exclude each other", "install", "claude", "--http", "--program", "/x")]
    [InlineData("must be an address", "install", "claude", "--url", "localhost:8080")]
    public async Task CommandLine_NotUnderstood_IsAUsageErrorThatSaysWhy(string expected, params string[] arguments)
    {
        var result = await CommandLineHere.RunAsync(arguments);

        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Error.Should().Contain(expected);
    }
}
