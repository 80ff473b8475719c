using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Detection;

/// <summary>
/// Looks for the known agent programs on <c>PATH</c>, and for their versions: in their package where npm installed them, else by asking
/// them. A program that lies inside the workspace is never executed for it, trusted or not.
/// </summary>
public static class AgentDetection
{
    /// <summary>The names of all known programs.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. AgentPresets.All.Select(static preset => preset.Name)];

    /// <summary>All known programs, in the order of the presets.</summary>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="limit">How long each program may take to answer; they are asked at the same time.</param>
    /// <param name="time">The clock.</param>
    public static async Task<IReadOnlyList<DetectedAgent>> FindAsync(string workspace, TimeSpan limit, TimeProvider time) =>
        await Task.WhenAll(AgentPresets.All.Select(preset => FindAsync(preset, workspace, limit, time)));

    private static async Task<DetectedAgent> FindAsync(IAgentPreset preset, string workspace, TimeSpan limit, TimeProvider time)
    {
        if (ExecutableFinder.Find(preset.Name, workspace).Path is not { } path)
        {
            return new DetectedAgent(preset.Name, null, null, null);
        }

        if (ExecutableFinder.IsInside(path, workspace))
        {
            return new DetectedAgent(preset.Name, path, null, "it lies inside the workspace, so it is not executed to ask for its version");
        }

        if (PackageVersion.Find(RealPath.Of(path)) is { } known)
        {
            return new DetectedAgent(preset.Name, path, known, null);
        }

        var (version, problem) = await VersionQuestion.AskAsync(path, preset.VersionArguments, workspace, limit, time);
        return new DetectedAgent(preset.Name, path, version, problem);
    }
}
