using System.Diagnostics;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Telemetry;

namespace LoopOrchestrator.Core.Runs.Traces;

/// <summary>
/// Tells a piece of work as one trace, once its first run has ended: a span for it and one for each run below it that has ended, as they
/// are recorded. Made of the record and not while the work goes on, because processes come and go meanwhile.
/// </summary>
internal static class RunTraces
{
    /// <summary>Whether anybody listens.</summary>
    public static bool IsWanted => LoopTraces.Source.HasListeners();

    /// <summary>Tells the trace.</summary>
    /// <param name="first">The run that nobody's run asked for; it has ended.</param>
    /// <param name="below">Those below it, each after the one that asked for it.</param>
    public static void Record(Run first, IReadOnlyList<Run> below)
    {
        // Whoever happened to end the work is not what it was done for.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            var spans = new Dictionary<string, ActivityContext>(StringComparer.Ordinal) { [first.Id] = RecordSpan(first, parent: default) };
            foreach (var run in below.Where(static run => run.EndedAt is not null && run.State != RunState.NeedsInput))
            {
                var parent = spans.GetValueOrDefault(run.ParentRunId ?? first.Id, spans[first.Id]);
                spans[run.Id] = RecordSpan(run, parent);
            }
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static ActivityContext RecordSpan(Run run, ActivityContext parent)
    {
        var name = run.Kind == RunKind.Cycle ? $"cycle {run.Workflow}" : $"run {run.Mode}";
        using var span = LoopTraces.Source.StartActivity(name, ActivityKind.Internal, parent, startTime: run.CreatedAt);
        if (span is null)
        {
            return parent;
        }

        if (span.IsAllDataRequested)
        {
            Describe(span, run);
        }

        span.SetEndTime(run.EndedAt!.Value.UtcDateTime);
        return span.Context;
    }

    private static void Describe(Activity span, Run run)
    {
        span.SetTag(LoopTraces.Attributes.Run, run.Id)
            .SetTag(LoopMetrics.Mode, run.Mode)
            .SetTag(LoopMetrics.Outcome, run.State.Name())
            .SetTag(LoopTraces.Attributes.Origin, run.Origin?.Name())
            .SetTag(LoopTraces.Attributes.Agent, run.Agent)
            .SetTag(LoopTraces.Attributes.Workflow, run.Workflow)
            .SetTag(LoopTraces.Attributes.Schedule, run.ScheduleId)
            .SetTag(LoopTraces.Attributes.ScheduledFor, run.ScheduledFor?.ToString("o"))
            .SetTag(LoopTraces.Attributes.Attempts, run.Attempt)
            .SetTag(LoopTraces.Attributes.CostUsd, run.CostUsd)
            .SetTag(LoopTraces.Attributes.Tokens, run.Tokens?.Total);
        if (run.StartedAt is { } started)
        {
            span.AddEvent(new ActivityEvent(LoopTraces.Started, started));
        }

        span.SetStatus(
            run.State == RunState.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error,
            // A kind and not the reason: in that stands what an agent has printed last.
            run.State == RunState.Succeeded ? null : run.Failure?.Name() ?? run.State.Name()
        );
    }
}
