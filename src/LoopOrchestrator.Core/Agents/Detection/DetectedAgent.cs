namespace LoopOrchestrator.Core.Agents.Detection;

/// <summary>A known agent program, as it is on this machine.</summary>
/// <param name="Name">The preset's name, which is also the program's.</param>
/// <param name="Path">Where it is on <c>PATH</c>; <see langword="null"/> where it is not.</param>
/// <param name="Version">Its version, in its own words.</param>
/// <param name="Problem">Why the version is not known, where the program is there.</param>
public sealed record DetectedAgent(string Name, string? Path, string? Version, string? Problem);
