using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>What a person made of a form.</summary>
/// <param name="Content">What they filled in; <see langword="null"/> where they did not agree, or were not asked.</param>
/// <param name="Word">What they did in the protocol's word, or why nobody answered.</param>
internal sealed record PersonAnswer(IDictionary<string, JsonElement>? Content, string Word)
{
    /// <summary>Nobody answered.</summary>
    public static PersonAnswer None(string why) => new(null, why);

    /// <summary>As the client told it; what tells nothing is a form that was closed.</summary>
    public static PersonAnswer From(ElicitResult? result) =>
        result is { IsAccepted: true }
            ? new(result.Content ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal), result.Action)
            : None(result?.Action is "decline" ? "decline" : "cancel");
}
