namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>Ids of runs as a terminal shows them: <c>run-…5edd88</c>, which every command that takes an id understands.</summary>
internal static class ShortId
{
    /// <summary>How many characters of its end tell an id from any other that one is likely to have in mind.</summary>
    public const int MinLength = 6;

    private const string Beginning = "run-…";

    /// <summary>An id with so many characters of its end; whole where that is no longer.</summary>
    public static string Of(string id, int length = MinLength) =>
        id.Length <= Beginning.Length + length ? id : $"{Beginning}{id[^length..]}";

    /// <summary>How many characters of their ends tell these ids apart.</summary>
    public static int LengthFor(IEnumerable<string> ids)
    {
        var all = ids.Distinct(StringComparer.Ordinal).ToList();
        var length = MinLength;
        while (length < 20 && all.Select(id => Of(id, length)).Distinct(StringComparer.Ordinal).Count() < all.Count)
        {
            length++;
        }

        return length;
    }
}
