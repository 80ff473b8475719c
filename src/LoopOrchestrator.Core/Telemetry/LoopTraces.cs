using System.Diagnostics;

namespace LoopOrchestrator.Core.Telemetry;

/// <summary>
/// Where traces of the loop's work come from. Nothing is made of them without somebody who listens to the source. Names and attributes are
/// a contract (docs/telemetry.md).
/// </summary>
public static class LoopTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "LoopOrchestrator";

    /// <summary>The event of a span: its run left the queue.</summary>
    internal const string Started = "loop.run.started";

    internal static readonly ActivitySource Source = new(SourceName);

    /// <summary>The attributes of a span beside <see cref="LoopMetrics.Mode"/> and <see cref="LoopMetrics.Outcome"/>.</summary>
    internal static class Attributes
    {
        public const string Run = "loop.run.id";
        public const string Schedule = "loop.schedule.id";
        public const string ScheduledFor = "loop.schedule.due";
        public const string Origin = "loop.origin";
        public const string Agent = "loop.agent";
        public const string Workflow = "loop.workflow";
        public const string Attempts = "loop.run.attempts";
        public const string CostUsd = "loop.run.cost_usd";
        public const string Tokens = "loop.run.tokens";
    }
}
