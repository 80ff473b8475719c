using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>What rows of escalations and incidents say, and of who is told of them.</summary>
internal static class EscalationFields
{
    /// <summary>The longest that is kept of why a delivery did not go through.</summary>
    public const int MaxErrorLength = 300;

    /// <summary>An escalation.</summary>
    public static Escalation Map<TRow>(TRow row)
        where TRow : struct, IRow =>
        new()
        {
            Id = row.Integer("id")!.Value,
            ScheduleId = row.Text("schedule_id"),
            Mode = row.Text("mode")!,
            Task = row.Text("task")!,
            Runs = TextLists.Read(row.Text("runs")),
            Since = row.Moment("since")!.Value,
            Reason = row.Text("reason")!,
            ResolvedAt = row.Moment("resolved_at"),
            Note = row.Text("note"),
            RecoveredRunId = row.Text("recovered_run_id"),
            MemoryPending = row.Flag("memory_pending") == true,
            RecoveryPending = row.Flag("recovery_pending") == true,
        };

    /// <summary>The notice of an escalation.</summary>
    public static Notice MapNotice<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Integer("escalation_id")!.Value,
            row.Text("channel")!,
            (int)row.Integer("tries")!.Value,
            row.Moment("next_at"),
            row.Moment("delivered_at"),
            row.Text("error")
        );

    /// <summary>An incident.</summary>
    public static Incident MapIncident<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Integer("id")!.Value,
            IncidentNames.Kinds[row.Text("kind")!],
            row.Text("subject")!,
            row.Text("reason")!,
            row.Moment("since")!.Value,
            row.Moment("last_at")!.Value,
            row.Integer("count")!.Value,
            row.Moment("ended_at")
        )
        {
            Level = row.Integer("level")!.Value,
        };

    /// <summary>What is told of an incident to one receiver.</summary>
    public static Delivery MapDelivery<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Integer("incident_id")!.Value,
            row.Text("event")!,
            row.Text("target")!,
            (int)row.Integer("tries")!.Value,
            row.Moment("next_at"),
            row.Moment("delivered_at"),
            row.Text("error")
        );
}
