using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Kilo (<c>kilo run --format json</c>), which grew out of OpenCode and kept its call and its events.</summary>
/// <remarks>Seen with 7.7.9: all of what OpenCode's preset was seen to do, through <c>KILO_CONFIG_CONTENT</c>.</remarks>
internal sealed class KiloPreset : IAgentPreset
{
    public string Name => "kilo";

    public double? FirstAnswerSeconds => 300;

    public ResultRules Results { get; } = new() { UnreachablePrefixes = [OpenCodePreset.Unreachable], VerifiedVersion = "7.7.9" };

    public EditRules Edits { get; } = new() { DeniedBy = "`permission.edit`", HoldsFileRegex = true };

    public IReadOnlyList<string> Variables => ["KILO_*", "KILOCODE_*", "ANTHROPIC_*", "OPENAI_*", "GEMINI_*", "OPENROUTER_*"];

    public IReadOnlyList<string> SessionVariables =>
        [
            "KILO",
            "KILO_BACKGROUND_PROCESS_PORTS",
            "KILO_CLIENT",
            "KILO_EDITOR_SSE_PORT",
            "KILO_PARENT_PID",
            "KILO_PID",
            "KILO_PROCESS_ROLE",
            "KILO_RUN_ID",
            "KILO_SESSION_ID",
            "KILO_TERMINAL",
        ];

    public IReadOnlyList<CloudAccess> CloudAccesses => OpenCodePreset.ModelClouds;

    public AgentInvocation Build(AgentCall call) => OpenCodePreset.Build(call, "KILO_CONFIG_CONTENT");

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) => OpenCodePreset.TranscribeEvent(line);

    public void Read(JsonElement line, AgentEvents events) => OpenCodePreset.ReadEvent(line, events);
}
