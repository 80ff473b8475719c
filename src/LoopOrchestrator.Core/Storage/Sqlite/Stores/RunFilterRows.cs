using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// A filter of runs as a part of a statement. Only what is asked for stands in it: a condition that holds for everything when nothing is
/// asked for would keep the database from using the index of the one that counts.
/// </summary>
internal static class RunFilterRows
{
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

    /// <summary>The conditions, with the word before them where there are any.</summary>
    public static string Where(RunFilter filter)
    {
        List<string> conditions =
        [
            .. filter.State is null ? [] : new[] { "state = @state" },
            .. filter.ScheduleId is null ? [] : new[] { "schedule_id = @schedule" },
            .. filter.Mode is null ? [] : new[] { "mode = @mode" },
            .. filter.Origin is null ? [] : new[] { "origin = @origin" },
            .. filter.From is null ? [] : new[] { "created_at >= @from" },
            .. filter.To is null ? [] : new[] { "created_at < @to" },
            .. filter.Before is null ? [] : new[] { "(created_at, id) < (@before, @beforeId)" },
        ];
        return conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>The order of a list, and how long it is.</summary>
    public const string Order = "ORDER BY created_at DESC, id DESC LIMIT @limit";
}
