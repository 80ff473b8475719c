using System.Text.Json;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class TrustCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Trust_SaysWhatMayBeStarted_AndIsRecordedOutsideTheWorkspace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test's own record is chosen by XDG_CONFIG_HOME.");
        _command.Workspace.Write("mcp_startup.json", """{ "agents": { "checks": { "kind": "command", "command": ["make", "all checks"] }, "claude": { "kind": "cli", "preset": "claude" } } }""");
        var before = _command.Workspace.Snapshot();

        var output = await _command.SucceedAsync("trust");

        output.Should().MatchRegex("checks +command +make 'all checks'").And.MatchRegex(@"claude +cli +\(preset claude\)").And.Contain(_command.Settings);
        _command.Workspace.Snapshot().Should().Equal(before);
        (await IsTrustedAsync()).Should().BeTrue();
        await _command.SucceedAsync("trust", "--revoke");
        (await IsTrustedAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Trust_BehindInfo_IsRefusedAndRecordsNothing()
    {
        var result = await _command.RunAsync("--info", "trust");

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("--info stands alone");
        (await IsTrustedAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Trust_InAConfigurationThatCannotBeUsed_IsNotRecorded()
    {
        _command.Workspace.Write("mcp_startup.json", """{ "agents": { "checks": { "kind": "command" } } }""");

        var result = await _command.RunAsync("trust");

        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain("agents.checks.command is missing").And.Contain("Nothing was changed");
        Directory.EnumerateFileSystemEntries(_command.Settings).Should().BeEmpty();
        (await _command.SucceedAsync("trust", "--revoke")).Should().Contain("No trust in");
    }

    private async Task<bool> IsTrustedAsync()
    {
        using var info = JsonDocument.Parse((await _command.RunAsync("--info", "--mode", "stdio")).Output);
        return info.RootElement.GetProperty("trust").GetProperty("trusted").GetBoolean();
    }
}
