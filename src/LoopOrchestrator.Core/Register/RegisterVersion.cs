using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Register;

/// <summary>What every form of <c>workspaces.json</c> has in it.</summary>
/// <param name="Version">Of the form.</param>
// Whatever else a newer form has is no reason not to see that it is newer.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record RegisterVersion(int? Version);
