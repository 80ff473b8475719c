namespace LoopOrchestrator.Core.Alarms;

/// <summary>The settings of the alarm, with what people call the file that they stand in.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="File">The file.</param>
internal sealed record NamedAlarm(AlarmSettings Settings, string File);
