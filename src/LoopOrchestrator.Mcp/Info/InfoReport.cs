using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>The document that <c>--info</c> prints.</summary>
/// <param name="Status">
/// <c>not_startable</c> when the server would not start here, <c>needs_attention</c> when it would and something needs a person, else
/// <c>ok</c>.
/// </param>
/// <param name="Problems">What keeps it from starting, and warnings.</param>
/// <param name="Attention">What a person should look at or do, as <c>status</c> says it.</param>
/// <param name="ZoneData">How old the zone data is that schedules are due by.</param>
/// <param name="Agents">Known agent programs and where they are on <c>PATH</c>.</param>
/// <param name="AgentVersions">The versions of those that are there, where they could be found out.</param>
/// <param name="InheritedEnvironment">The variables that every agent inherits, by name or prefix.</param>
/// <param name="ConfiguredAgents">The agents of the configuration file.</param>
internal sealed record InfoReport(
    string Status,
    IReadOnlyList<InfoProblem> Problems,
    IReadOnlyList<string> Attention,
    string Product,
    string Version,
    InfoRuntime Runtime,
    InfoZones ZoneData,
    InfoProtocol Mcp,
    InfoServing Serving,
    IReadOnlyDictionary<string, InfoOption> Options,
    InfoTrust Trust,
    IReadOnlyList<InfoFile> Files,
    IReadOnlyDictionary<string, string?> Agents,
    IReadOnlyDictionary<string, string?> AgentVersions,
    IReadOnlyList<string> InheritedEnvironment,
    IReadOnlyList<InfoAgent> ConfiguredAgents
)
{
    /// <summary>All workspaces, where several would be served; all else is about the first of them that can be. Else absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InfoWorkspace>? Workspaces { get; init; }
}
