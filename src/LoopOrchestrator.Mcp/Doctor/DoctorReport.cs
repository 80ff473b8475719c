using LoopOrchestrator.Mcp.Info;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Status"><c>ok</c>, or <c>needs_attention</c>.</param>
/// <param name="Problems">What a person should do something about, each with what to do.</param>
/// <param name="Warnings">What is worth knowing and keeps nothing from working.</param>
/// <param name="ZoneData">How old the zone data is that schedules are due by.</param>
/// <param name="AuditLog">The log of what was done over HTTP.</param>
/// <param name="RedactedVariables">The variables whose values are taken out of output, answers and memory.</param>
internal sealed record DoctorReport(
    string Status,
    IReadOnlyList<string> Problems,
    bool Trusted,
    IReadOnlyList<DoctorProgram> Programs,
    IReadOnlyList<DoctorAgent> Agents,
    IReadOnlyList<InfoFile> Files,
    IReadOnlyList<string> Warnings,
    InfoZones ZoneData,
    DoctorAuditLog AuditLog,
    IReadOnlyList<string> RedactedVariables
)
{
    /// <summary>What this program is, and what of its promises this system cannot hold.</summary>
    public DoctorPlatform Platform { get; } = DoctorPlatform.Here();
}
