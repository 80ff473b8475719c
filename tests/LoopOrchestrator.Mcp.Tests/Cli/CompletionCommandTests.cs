namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>completion</c>, and the question that its scripts ask.</summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F _loop_orchestrator loop-orchestrator")]
    [InlineData("zsh", "compdef _loop_orchestrator loop-orchestrator")]
    [InlineData("fish", "complete -c loop-orchestrator")]
    public async Task Completion_OfAShell_IsAScriptThatAsksTheProgram(string shell, string line)
    {
        var script = (await CommandLineHere.RunAsync("completion", shell)).Output;

        script.Should().Contain(line).And.Contain("[suggest:");
        (await CommandLineHere.RunAsync("[suggest:21]", "loop-orchestrator tri")).Output.Trim().Should().BeEmpty();
        (await CommandLineHere.RunAsync("[suggest:24]", "loop-orchestrator uninst")).Output.Should().Contain("uninstall");
    }
}
