namespace LoopOrchestrator.Mcp.Info;

/// <summary>Which agent programs are installed. They are looked for and never executed.</summary>
internal static class AgentPrograms
{
    public static readonly string[] Known = ["claude", "codex", "opencode", "gemini", "cline", "copilot", "qwen", "kilo", "aider"];

    /// <param name="searchPath">The value of PATH.</param>
    /// <returns>Each known program with its place, or <see langword="null"/>.</returns>
    public static IReadOnlyDictionary<string, string?> Find(string? searchPath)
    {
        var folders = (searchPath ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Known.ToDictionary(name => name, name => Find(name, folders), StringComparer.Ordinal);
    }

    private static string? Find(string name, string[] folders)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [string.Empty];
        return folders
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None);
    }
}
