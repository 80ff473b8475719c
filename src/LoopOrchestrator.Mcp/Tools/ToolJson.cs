using System.Text.Json.Serialization;
using LoopOrchestrator.Mcp.Tools.Board;
using LoopOrchestrator.Mcp.Tools.Cycles;
using LoopOrchestrator.Mcp.Tools.Escalations;
using LoopOrchestrator.Mcp.Tools.Files;
using LoopOrchestrator.Mcp.Tools.Memory;
using LoopOrchestrator.Mcp.Tools.Planning;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;
using LoopOrchestrator.Mcp.Tools.Status;
using LoopOrchestrator.Mcp.Tools.Timing;
using LoopOrchestrator.Mcp.Tools.Workflows;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>The types of arguments and results, with their serialization generated at build time. Add a tool's types here.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AgentResumedResult))]
[JsonSerializable(typeof(RollbackRunResult))]
[JsonSerializable(typeof(RunStateResult))]
[JsonSerializable(typeof(BoardResult))]
[JsonSerializable(typeof(ClaimResult))]
[JsonSerializable(typeof(CycleListResult))]
[JsonSerializable(typeof(CycleResult))]
[JsonSerializable(typeof(EscalationResolvedResult))]
[JsonSerializable(typeof(FileBackupResult))]
[JsonSerializable(typeof(FileHitListResult))]
[JsonSerializable(typeof(FileListResult))]
[JsonSerializable(typeof(FileWrittenResult))]
[JsonSerializable(typeof(MemoryAppendedResult))]
[JsonSerializable(typeof(MemoryCompactedResult))]
[JsonSerializable(typeof(MemoryHitListResult))]
[JsonSerializable(typeof(MemoryResult))]
[JsonSerializable(typeof(ModeListResult))]
[JsonSerializable(typeof(ReadFileResult))]
[JsonSerializable(typeof(RunDetailResult))]
[JsonSerializable(typeof(RunListResult))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(ScheduleDeletedResult))]
[JsonSerializable(typeof(ScheduleListResult))]
[JsonSerializable(typeof(ScheduleSavedResult))]
[JsonSerializable(typeof(StatusResult))]
[JsonSerializable(typeof(TimingAuditResult))]
[JsonSerializable(typeof(TimingReportResult))]
[JsonSerializable(typeof(TimingRowResult))]
[JsonSerializable(typeof(IReadOnlyList<TimingSessionResult>))]
[JsonSerializable(typeof(TodoChangedResult))]
[JsonSerializable(typeof(TodoListResult))]
[JsonSerializable(typeof(WorkflowPlanResult))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(bool?))]
internal sealed partial class ToolJson : JsonSerializerContext;
