namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>One agent of the configuration. Commands come from here only, never from a caller.</summary>
public sealed record AgentDefinition
{
    /// <summary>The name of the agent that is always there: the caller's own.</summary>
    public const string HandoffName = "handoff";

    /// <summary>The name of the agent that is always there to commit what has changed: this program itself.</summary>
    public const string CommitsName = "commits";

    /// <summary>The names that no configured agent may have.</summary>
    internal static readonly IReadOnlyList<string> BuiltInNames = [HandoffName, CommitsName];

    /// <summary>The hand-off.</summary>
    public static AgentDefinition Handoff { get; } = new() { Name = HandoffName, Kind = AgentKind.Handoff };

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of agent it is.</summary>
    public required AgentKind Kind { get; init; }

    /// <summary>The program and its arguments; a preset supplies them when this is empty.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>
    /// For a built-in agent that is this program: the arguments behind the workspace. Its <see cref="Command"/> is empty until it is
    /// launched.
    /// </summary>
    internal IReadOnlyList<string>? SelfArguments { get; init; }

    /// <summary>The known CLI that it is, for example <c>claude</c>.</summary>
    public string? Preset { get; init; }

    /// <summary>Further arguments behind those of the preset.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The model to ask for, in the CLI's own words.</summary>
    public string? Model { get; init; }

    /// <summary>The most turns of one run, where the CLI has such a limit.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>The most US dollars of one run, where the CLI has such a limit.</summary>
    public double? MaxBudgetUsd { get; init; }

    /// <summary>Whether a custom CLI gets its prompt as its last argument instead of on its standard input.</summary>
    public bool PromptAsArgument { get; init; }

    /// <summary>
    /// Variables that it inherits beside the usual ones (see <see cref="AgentEnvironment"/>): names, or prefixes that end in <c>*</c>.
    /// </summary>
    public IReadOnlyList<string> PassEnvironment { get; init; } = [];

    /// <summary>Variables to set for it, beside the inherited ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A variable as the agent will see it: what the configuration sets comes before what is inherited.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="read">What is inherited; of this process when not given.</param>
    internal string? ValueOf(string variable, Func<string, string?>? read = null) =>
        Environment.GetValueOrDefault(variable) ?? (read ?? System.Environment.GetEnvironmentVariable)(variable);
}
