namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>Makes schedules of the content of their file, as <see cref="ScheduleFile.Read"/> does.</summary>
/// <param name="utf8">The bytes of the file; they do not change afterwards.</param>
/// <param name="displayName">What findings call the file.</param>
/// <param name="localZone">The zone of schedules that name none.</param>
internal delegate ScheduleSet ScheduleReader(ReadOnlyMemory<byte> utf8, string displayName, TimeZoneInfo localZone);
