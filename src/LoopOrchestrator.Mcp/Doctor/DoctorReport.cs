using LoopOrchestrator.Mcp.Info;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Status"><c>ok</c>, or <c>needs_attention</c>.</param>
/// <param name="Problems">What a person should do something about, each with what to do.</param>
internal sealed record DoctorReport(
    string Status,
    IReadOnlyList<string> Problems,
    bool Trusted,
    IReadOnlyList<DoctorProgram> Programs,
    IReadOnlyList<DoctorAgent> Agents,
    IReadOnlyList<InfoFile> Files
);
