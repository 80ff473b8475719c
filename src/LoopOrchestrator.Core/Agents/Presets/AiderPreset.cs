using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Aider (<c>aider --message-file</c>). It prints no structured events and calls no MCP tools: its exit code decides.</summary>
/// <remarks>
/// Only read, nothing seen: the registry that carries it was not at hand. A mode that may not edit gets <c>--dry-run</c>; one that may not
/// run
/// commands needs nothing, for aider runs none by itself but those of its own configuration.
/// </remarks>
internal sealed class AiderPreset : IAgentPreset
{
    public string Name => "aider";

    public bool HasEvents => false;

    public string? WhyNoWayBack => "aider calls no tools of a server, so nothing but its exit code says how a run of it has ended";

    public ResultRules Results { get; } = new();

    public IReadOnlyList<string> Variables => ["AIDER_*", "ANTHROPIC_*", "OPENAI_*", "GEMINI_*", "OPENROUTER_*", "DEEPSEEK_*"];

    public IReadOnlyList<CloudAccess> CloudAccesses =>
        [Clouds.AmazonModel("bedrock/"), Clouds.GoogleModel("vertex_ai/"), Clouds.AzureModel("azure/")];

    public AgentInvocation Build(AgentCall call)
    {
        List<string> arguments =
        [
            "--message-file",
            call.Folder.Brief,
            "--yes-always",
            "--no-auto-commits",
            "--no-pretty",
            "--no-stream",
            "--no-check-update",
            "--no-suggest-shell-commands",
        ];
        if (!call.MayEdit)
        {
            arguments.Add("--dry-run");
        }

        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        return new AgentInvocation([.. arguments, .. call.Agent.Arguments]) { BriefOnInput = false };
    }

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) => [];

    public void Read(JsonElement line, AgentEvents events)
    {
        // There is nothing to read.
    }
}
