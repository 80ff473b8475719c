namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>The colours of states on a terminal that shows colours.</summary>
internal static class StateColour
{
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Cyan = "\e[36m";
    private const string Plain = "\e[0m";

    /// <summary>A cell that begins with a state, in the colour of that; as it is where it begins with another word.</summary>
    public static string Paint(string cell)
    {
        var colour = cell.TrimStart().Split(' ', ',', '(')[0] switch
        {
            "failed" or "blocked" or "timed_out" or "interrupted" or "open" or "missed" or "no" => Red,
            "succeeded" or "done" or "passed" or "yes" or "started" => Green,
            "needs_input" or "held" or "skipped" or "cancelled" or "coalesced" => Yellow,
            "running" or "queued" or "waiting" => Cyan,
            _ => null,
        };
        return colour is null ? cell : $"{colour}{cell}{Plain}";
    }
}
