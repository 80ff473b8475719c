using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>The distance between two occurrences.</summary>
/// <param name="Count">How many units; a schedule with 0 or less never fires.</param>
/// <param name="Unit">The unit.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScheduleInterval(int Count, TimeUnit Unit)
{
    /// <summary>For people: <c>every 10 minutes</c>.</summary>
    public override string ToString()
    {
        var unit = Unit switch
        {
            TimeUnit.Minute => "minute",
            TimeUnit.Hour => "hour",
            _ => "day",
        };
        return Count == 1 ? $"every {unit}" : $"every {Count} {unit}s";
    }
}
