namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>The priorities that a time record may be written with. Rows of others may hold anything.</summary>
public static class TimingPriority
{
    /// <summary>Work of a schedule.</summary>
    public const string Schedule = "schedule";

    /// <summary>Work on an item of the plan.</summary>
    public const string Todo = "todo";

    /// <summary>Everything else; the default.</summary>
    public const string Normal = "normal";

    /// <summary>Whether <paramref name="text"/> is one of the three, exactly as written.</summary>
    public static bool IsKnown(string? text) => text is Schedule or Todo or Normal;
}
