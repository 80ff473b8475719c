namespace LoopOrchestrator.Mcp.Info;

/// <summary>The inspectors that <c>--info</c> asks. They are listed rather than registered: the command starts no container.</summary>
internal static class FileInspectors
{
    public static IReadOnlyList<IFileInspector> All { get; } = [];
}
