using LoopOrchestrator.Core.Clients;

namespace LoopOrchestrator.Core.Tests.Clients;

public sealed class ClientOwnershipTests
{
    [Theory]
    [InlineData(true, "/usr/bin/loop-orchestrator", "--mode", "stdio")]
    [InlineData(true, "npx", "-y", "loop-orchestrator", "--mode", "stdio")]
    [InlineData(true, "dnx", "loop-orchestrator", "--yes", "--", "--mode", "stdio")]
    [InlineData(true, "dotnet", "/home/a/loop-orchestrator.dll", "--mode", "stdio")]
    [InlineData(true, "dotnet", "run", "--project", "src/LoopOrchestrator.Mcp")]
    [InlineData(true, "npx", "-y", "loop-orchestrator@0.1.0")]
    [InlineData(false, "npx", "-y", "mcp-cron")]
    [InlineData(false, "npx", "x", "/repos/loop-orchestrator")]
    [InlineData(false, "npx", "-y", "mcp-cron", "--workspace", "/home/a/loop-orchestrator")]
    [InlineData(false, "node", "loop-orchestrator")]
    public void IsOurs_EachWayToStartAServer_IsKnownByItsProgram(bool isOurs, params string[] command) =>
        ClientOwnership.IsOurs(new ClientServer { Command = command }, record: null).Should().Be(isOurs);
}
