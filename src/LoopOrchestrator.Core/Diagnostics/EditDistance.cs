namespace LoopOrchestrator.Core.Diagnostics;

/// <summary>How many slips of the finger lie between two words (optimal string alignment distance).</summary>
internal static class EditDistance
{
    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one of the other.</summary>
    public static int Between(string from, string to)
    {
        var beforeLast = new int[to.Length + 1];
        var last = new int[to.Length + 1];
        var current = new int[to.Length + 1];
        for (var column = 0; column <= to.Length; column++)
        {
            last[column] = column;
        }

        for (var row = 1; row <= from.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= to.Length; column++)
            {
                var same = from[row - 1] == to[column - 1];
                current[column] = Math.Min(Math.Min(current[column - 1], last[column]) + 1, last[column - 1] + (same ? 0 : 1));
                if (row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1])
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[to.Length];
    }
}
