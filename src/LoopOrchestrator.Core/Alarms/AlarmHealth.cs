namespace LoopOrchestrator.Core.Alarms;

/// <summary>How things stand, as the status sees it.</summary>
/// <param name="IsWell">Whether all is well, but for notices that nobody took.</param>
/// <param name="Signs">What is wrong.</param>
internal sealed record AlarmHealth(
    Func<CancellationToken, Task<bool>> IsWell,
    Func<CancellationToken, Task<IReadOnlyList<IncidentSign>>> Signs
);
