using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Agents.Results;

/// <summary>
/// Hands each line of an agent's standard output that is one whole JSON object to its preset. Any other line, and any event the preset
/// does not know, is kept in the log and passed over. Nothing is ever read out of prose.
/// </summary>
internal static class AgentEventLines
{
    public static void Read(IAgentPreset preset, ReadOnlyMemory<byte> line, AgentEvents events)
    {
        var text = line.Span.TrimStart((byte)' ');
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var before = events.Faults;
            preset.Read(document.RootElement, events);
            if (events.Faults != before)
            {
                events.NoteService(events.Account is { } account && AgentVerdict.OfService(preset.Results, account) is not null);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON after all, or a text with half a character in it.
        }
    }
}
