using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Runs.Contracts;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tasks;

/// <summary>What a call is answered with whose run goes on: the task that the client asks for.</summary>
internal sealed class CreatedTask : Result
{
    [JsonPropertyName("taskId")]
    public required string TaskId { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("statusMessage")]
    public required string StatusMessage { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("lastUpdatedAt")]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    [JsonPropertyName("ttlMs")]
    public required long TimeToLive { get; init; }

    [JsonPropertyName("pollIntervalMs")]
    public required long PollInterval { get; init; }

    /// <summary>Of a run that has not ended.</summary>
    public static CreatedTask Of(Run run) =>
        new()
        {
            ResultType = "task",
            TaskId = run.Id,
            Status = RunTask.Working,
            StatusMessage = RunTask.Message(run),
            CreatedAt = run.CreatedAt,
            LastUpdatedAt = RunTask.ChangedAt(run),
            TimeToLive = RunTask.TimeToLive,
            PollInterval = RunTask.PollInterval,
        };
}
