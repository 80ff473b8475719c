using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Reports;

/// <summary>A cycle.</summary>
/// <param name="RunId">The run that it is.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AskedFor">When it was asked for.</param>
/// <param name="Seconds">From its start to its end; <see langword="null"/> where it has not ended.</param>
/// <param name="Reworks">How often it went back.</param>
/// <param name="Evidence">What it has to show, in a line; <see langword="null"/> where it has not ended.</param>
/// <param name="Task">What was to be done, in a few words.</param>
public sealed record ReportCycle(
    string RunId,
    string Workflow,
    RunState State,
    DateTimeOffset AskedFor,
    long? Seconds,
    int Reworks,
    string? Evidence,
    string Task
);
