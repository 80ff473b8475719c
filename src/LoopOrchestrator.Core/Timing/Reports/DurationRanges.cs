namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>The ranges by which it is told how long intervals took.</summary>
internal static class DurationRanges
{
    private static readonly long[] Ends = [60, 300, 900, 1800, 3600, 7200, 14_400];
    private static readonly string[] Labels = ["<1m", "<5m", "<15m", "<30m", "<1h", "<2h", "<4h", "4h+"];

    /// <summary>How many there are.</summary>
    public static int Count => Labels.Length;

    /// <summary>The range of a length in seconds, from 0.</summary>
    public static int IndexOf(long seconds)
    {
        var index = 0;
        while (index < Ends.Length && seconds >= Ends[index])
        {
            index++;
        }

        return index;
    }

    /// <summary>A range by its end.</summary>
    public static string Label(int index) => Labels[index];
}
