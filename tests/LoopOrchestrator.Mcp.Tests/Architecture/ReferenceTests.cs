using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Mcp.Tests.Architecture;

/// <summary>What the executable refers to. Which packages it may name at all is in the table of the same tests of Core.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Mcp_Packages_AreUsed() =>
        ProjectPackages.Unused("LoopOrchestrator.Mcp", typeof(CommandLine).Assembly).Should().BeEmpty();
}
