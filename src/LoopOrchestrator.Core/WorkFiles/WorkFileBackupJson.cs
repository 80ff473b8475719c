using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>How a backup is described beside its content.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WorkFileBackup))]
internal sealed partial class WorkFileBackupJson : JsonSerializerContext;
