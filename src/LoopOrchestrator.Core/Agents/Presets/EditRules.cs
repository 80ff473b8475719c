namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// What a preset's program can be told of the files that it may edit. One row for each preset; <c>docs/agents.md</c> shows them, and a
/// test holds both together.
/// </summary>
internal sealed record EditRules
{
    /// <summary>Through what it is denied the <see cref="ProtectedFiles"/>, for the table; empty where it cannot be told.</summary>
    public string DeniedBy { get; init; } = "";

    /// <summary>Whether it holds a mode's <c>fileRegex</c> where that has an exact translation.</summary>
    public bool HoldsFileRegex { get; init; }
}
