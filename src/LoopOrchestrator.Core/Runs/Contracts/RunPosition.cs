using System.Globalization;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>A place in the list of runs, by creation and then id, so that a page stays right while new runs arrive.</summary>
/// <param name="CreatedAt">When the run was asked for.</param>
/// <param name="Id">Its id.</param>
public sealed record RunPosition(DateTimeOffset CreatedAt, string Id)
{
    /// <summary>The cursor text handed to callers.</summary>
    public override string ToString() => $"{CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}_{Id}";

    /// <summary>Reads a cursor; <see langword="null"/> when it is not one of ours.</summary>
    public static RunPosition? Parse(string cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        var split = cursor.IndexOf('_', StringComparison.Ordinal);
        return
            split > 0
            && long.TryParse(cursor.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= 253402300799999
            && RunId.IsWellFormed(cursor[(split + 1)..])
            ? new RunPosition(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), cursor[(split + 1)..])
            : null;
    }
}
