namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Heading">What stands above it.</param>
internal sealed record Column(string Heading)
{
    /// <summary>Whether its cells are short and say nothing when they are cut: others make room for it.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Whether its cells are ids of runs, which are shortened where lines have a width.</summary>
    public bool HoldsIds { get; private init; }

    /// <summary>Whether its cells begin with a state, which is coloured.</summary>
    public bool HoldsStates { get; private init; }

    /// <summary>A column of free text.</summary>
    public static implicit operator Column(string heading) => new(heading);

    /// <summary>A column of numbers, moments and the like.</summary>
    public static Column Whole(string heading) => new(heading) { IsWhole = true };

    /// <summary>A column of ids of runs.</summary>
    public static Column Ids(string heading) => new(heading) { IsWhole = true, HoldsIds = true };

    /// <summary>A column of states.</summary>
    public static Column States(string heading) => new(heading) { IsWhole = true, HoldsStates = true };
}
