using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>By what the telling of incidents counts time and says what it did.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
internal sealed record NotifierClock(TimeProvider Time, ILogger<IncidentNotifier> Logger);
