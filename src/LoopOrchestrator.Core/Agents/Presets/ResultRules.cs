namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// What decides whether a run of one agent program succeeded, beside the rules that hold for all of them (see
/// <see cref="Results.AgentVerdict"/>). One row for each preset; <c>docs/agents.md</c> shows them, and a test holds both together.
/// </summary>
internal sealed record ResultRules
{
    /// <summary>Whether the program always sends a result event, so that a run without one has failed whatever its exit code.</summary>
    public bool AlwaysSendsResult { get; init; }

    /// <summary>
    /// The begins of an error of the model's service. A result that calls itself a success and begins so is none. An HTTP status may
    /// follow, as a number or in an object.
    /// </summary>
    public IReadOnlyList<string> ErrorPrefixes { get; init; } = [];

    /// <summary>The begins of an error of the program itself when nobody is signed in, where only its words tell that.</summary>
    public IReadOnlyList<string> SignInPrefixes { get; init; } = [];

    /// <summary>The begins of an error that says that the model's service could not be reached, where only its words tell that.</summary>
    public IReadOnlyList<string> UnreachablePrefixes { get; init; } = [];

    /// <summary>The begins of an error that says that the account's limit of usage is reached, where only its words tell that.</summary>
    public IReadOnlyList<string> UsageLimitPrefixes { get; init; } = [];

    /// <summary>Whether an exit code of 128 and more is the HTTP status of the model's service, modulo 256, and no signal.</summary>
    public bool ExitCodeIsHttpStatus { get; init; }

    /// <summary>The exit code without a result with which the program says that nobody is signed in, where it has one of its own.</summary>
    public int? SignInExitCode { get; init; }

    /// <summary>The version on which this was seen, for the table; empty where it was only read or never tried.</summary>
    public string VerifiedVersion { get; init; } = "";
}
