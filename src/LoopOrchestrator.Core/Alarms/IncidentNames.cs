namespace LoopOrchestrator.Core.Alarms;

/// <summary>The names of incidents and of what is told of them, in files, answers and the database.</summary>
public static class IncidentNames
{
    /// <summary>In <c>on</c> of a notice: the end of an incident.</summary>
    public const string Recovered = "recovered";

    /// <summary>The event of an incident that began.</summary>
    internal const string Begun = "begun";

    /// <summary>The kind of each name.</summary>
    public static readonly IReadOnlyDictionary<string, IncidentKind> Kinds = Enum.GetValues<IncidentKind>()
        .ToDictionary(Name, static kind => kind, StringComparer.Ordinal);

    /// <summary>What <c>on</c> of a notice can hold.</summary>
    internal static readonly IReadOnlyList<string> Events = [.. Kinds.Keys, Recovered];

    /// <summary>The kind's name.</summary>
    public static string Name(this IncidentKind kind) =>
        kind switch
        {
            IncidentKind.Escalation => "escalation",
            IncidentKind.NeedsInput => "needs_input",
            IncidentKind.BudgetReached => "budget_reached",
            IncidentKind.DeadScheduler => "dead_scheduler",
            IncidentKind.Skips => "skips",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
