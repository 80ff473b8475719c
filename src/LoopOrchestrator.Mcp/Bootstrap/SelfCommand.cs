namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>How this program is started once more: as the supervisor of a run, and as the MCP server of a run's agent.</summary>
internal static class SelfCommand
{
    /// <summary>The executable alone, or <c>dotnet</c> and the assembly when the program was started through it.</summary>
    public static IReadOnlyList<string> Get()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process's program is not known.");
        return Path.GetFileNameWithoutExtension(program.AsSpan()).SequenceEqual("dotnet")
            ? [program, Path.Combine(AppContext.BaseDirectory, Product.Name + ".dll")]
            : [program];
    }
}
