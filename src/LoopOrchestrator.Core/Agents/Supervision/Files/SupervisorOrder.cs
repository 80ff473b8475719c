using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// What a supervisor is to do, written to the run's folder before it is started. It holds no credential of the user's environment: of
/// what is inherited only names stand here, and values only where the configuration or we set them.
/// </summary>
internal sealed record SupervisorOrder
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>
    /// The start that this order is for, by <see cref="SupervisorStart.Id"/>: a supervisor of another start leaves it alone.
    /// </summary>
    public string? StartId { get; init; }

    /// <summary>The program and its arguments; never a shell line.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Where the program works: the workspace.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The file whose content goes to the program's standard input; the input is empty when not given.</summary>
    public string? InputFile { get; init; }

    /// <summary>Variables to set beside the inherited ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Variables that it inherits beside those that every agent gets: names, or prefixes that end in <c>*</c>.</summary>
    // Generated JSON code sets what is missing in the text to null, past the default.
    public IReadOnlyList<string> PassEnvironment
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The preset whose structured events the program prints on its standard output; none when not given.</summary>
    public string? Events { get; init; }

    /// <summary>
    /// The digest of the agent's entry in the configuration; its supervisor puts it into the outcome. Not given for what is no agent.
    /// </summary>
    public string? AgentDigest { get; init; }

    /// <summary>Seconds from its start until it is ended as timed out.</summary>
    public required double TimeoutSeconds { get; init; }

    /// <summary>Seconds without any first output until it is ended as timed out.</summary>
    public double? FirstOutputSeconds { get; init; }

    /// <summary>
    /// Seconds without any event that tells of an answer of a model, until it is ended as one whose service does not answer.
    /// </summary>
    public double? FirstAnswerSeconds { get; init; }

    /// <summary>Seconds without further output until it is ended as timed out.</summary>
    public double? SilenceSeconds { get; init; }

    /// <summary>US dollars beyond which it is ended while it works, where its events tell of them.</summary>
    public double? CostLimitUsd { get; init; }

    /// <summary>Tokens beyond which it is ended while it works, where its events tell of them.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>Seconds that it may live on after its result event.</summary>
    public double ResultGraceSeconds { get; init; } = 10;

    /// <summary>Seconds between the polite signal and the final one.</summary>
    public double KillGraceSeconds { get; init; } = 5;

    /// <summary>How many bytes of output are kept.</summary>
    public long OutputLimitBytes { get; init; } = RunLimits.DefaultOutputBytes;

    /// <summary>The server that starts the supervisor, where nothing else says so.</summary>
    public string? OrderedBy { get; init; }

    /// <summary>When it was told to.</summary>
    public DateTimeOffset? OrderedAt { get; init; }

    /// <summary>The file to touch when something happened, so that a server looks at once.</summary>
    public required string Bell { get; init; }
}
