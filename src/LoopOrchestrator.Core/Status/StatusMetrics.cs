using LoopOrchestrator.Core.Telemetry;

namespace LoopOrchestrator.Core.Status;

/// <summary>The figures of a status as measurements, made when somebody asks for them.</summary>
public static class StatusMetrics
{
    /// <summary>Measures a status.</summary>
    public static void Record(WorkspaceStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        LoopMetrics.LedgerGaps.Record(status.Life.Missing);
        LoopMetrics.SchedulerAlive.Record(status.Life.IsAlive ? 1 : 0);
        LoopMetrics.QueueLength.Record(status.Queued.Count);
        LoopMetrics.Running.Record(status.Running.Count);
        LoopMetrics.Attention.Record(status.Attention.Count);
        LoopMetrics.Incidents.Record(status.Incidents.Count);
    }
}
