namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>An agent of the configuration.</summary>
/// <param name="Usable">Whether a run with it could start now.</param>
/// <param name="Why">Why not; <see langword="null"/> when it is usable.</param>
/// <param name="PassEnvironment">Variables that it inherits beside those that every agent does.</param>
internal sealed record DoctorAgent(
    string Name,
    string Kind,
    string? Preset,
    string? Path,
    bool Usable,
    string? Why,
    IReadOnlyList<string> PassEnvironment
)
{
    /// <summary>What a run with it would lack, each with what to do.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
