namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>A known agent program.</summary>
/// <param name="Problem">Why its version is not known.</param>
internal sealed record DoctorProgram(string Name, string? Path, string? Version, string? Problem);
