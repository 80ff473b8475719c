namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// What decides whether a run of one agent program succeeded, beside the rules that hold for all of them (see
/// <see cref="Events.AgentVerdict"/>). One row for each preset; <c>docs/agents.md</c> shows them, and a test holds both together.
/// </summary>
internal sealed record ResultRules
{
    /// <summary>Whether the program always sends a result event, so that a run without one has failed whatever its exit code.</summary>
    public bool AlwaysSendsResult { get; init; }

    /// <summary>
    /// The begin of a result that calls itself a success and is the error of the model's service. An HTTP status may follow it.
    /// </summary>
    public IReadOnlyList<string> ErrorPrefixes { get; init; } = [];

    /// <summary>The version on which this was seen, for the table; empty where it was only read or never tried.</summary>
    public string SeenWith { get; init; } = "";
}
