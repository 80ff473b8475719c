namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>The exact call of an agent's program for one run. No text of a caller ever becomes an option or passes a shell.</summary>
/// <param name="Arguments">What follows the program and the arguments configured with it.</param>
internal sealed record AgentInvocation(IReadOnlyList<string> Arguments)
{
    /// <summary>Whether the brief goes to its standard input, which is closed after it; else the input is empty.</summary>
    public bool BriefOnInput { get; init; } = true;

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// A folder of the run that is made for the user alone, and removed at the attempt's end: the program puts files of its own into it.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>Links to make before its start, by their full path, each with where it leads: to what belongs to the user.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files to write before its start, by their full path.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);
}
