namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>What becomes of occurrences whose moment passed while nothing could fire them: our <c>misfire</c>.</summary>
public enum MisfirePolicy
{
    /// <summary>One run makes up for all of them. The default.</summary>
    Once,

    /// <summary>None is made up for.</summary>
    Skip,

    /// <summary>Each is made up for, the latest <see cref="Schedule.MisfireLimit"/> of them.</summary>
    All,
}
