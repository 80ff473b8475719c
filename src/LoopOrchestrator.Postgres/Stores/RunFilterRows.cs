using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>A filter of runs as a part of a statement. Only what is asked for stands in it, so that the index of that is used.</summary>
internal static class RunFilterRows
{
    /// <summary>The order of a list, and how long it is.</summary>
    public const string Order = "ORDER BY runs.created_at DESC, runs.id DESC LIMIT @limit";

    /// <summary>The parameters of <see cref="Where"/> and <see cref="Order"/>.</summary>
    public static (string Name, object? Value)[] Parameters(RunFilter filter) =>
        [
            ("@state", filter.State?.Name()),
            ("@schedule", filter.ScheduleId),
            ("@mode", filter.Mode),
            ("@origin", filter.Origin?.Name()),
            ("@from", filter.From),
            ("@to", filter.To),
            ("@before", filter.Before?.CreatedAt),
            ("@beforeId", filter.Before?.Id),
            ("@limit", filter.Limit),
        ];

    /// <summary>The conditions, with the word before them.</summary>
    public static string Where(RunFilter filter)
    {
        List<string> conditions =
        [
            "runs.workspace = @workspace",
            .. filter.State is null ? [] : new[] { "runs.state = @state" },
            .. filter.ScheduleId is null ? [] : new[] { "runs.schedule_id = @schedule" },
            .. filter.Mode is null ? [] : new[] { "runs.mode = @mode" },
            .. filter.Origin is null ? [] : new[] { "runs.origin = @origin" },
            .. filter.From is null ? [] : new[] { "runs.created_at >= @from" },
            .. filter.To is null ? [] : new[] { "runs.created_at < @to" },
            .. filter.Before is null ? [] : new[] { "(runs.created_at, runs.id) < (@before, @beforeId)" },
        ];
        return $"WHERE {string.Join(" AND ", conditions)}";
    }
}
