namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>The presets that there are. A further one is one file and one line here.</summary>
internal static class AgentPresets
{
    public static readonly IReadOnlyList<IAgentPreset> All =
    [
        new ClaudePreset(),
        new CodexPreset(),
        new OpenCodePreset(),
        new GeminiPreset(),
        new ClinePreset(),
        new CopilotPreset(),
        new QwenPreset(),
        new KiloPreset(),
        new AiderPreset(),
    ];

    public static readonly IReadOnlyList<string> Names = [.. All.Select(static preset => preset.Name)];

    /// <summary>The preset of that name, or <see langword="null"/>.</summary>
    public static IAgentPreset? Find(string? name) => All.FirstOrDefault(preset => preset.Name == name);
}
