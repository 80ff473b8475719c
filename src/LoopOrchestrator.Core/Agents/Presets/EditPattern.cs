namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Files that may be edited: all in a folder, all of an extension, or both.</summary>
/// <param name="Folder">The folder from the workspace on, with a slash behind it; empty for all.</param>
/// <param name="Extension">The extension without its dot; <see langword="null"/> for all.</param>
internal sealed record EditPattern(string Folder, string? Extension)
{
    /// <summary>As a pattern of gitignore(5), from the working folder.</summary>
    public string ToGitIgnore() => Extension is null ? $"./{Folder}**" : $"./{Folder}**/*.{Extension}";
}
