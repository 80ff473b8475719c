using System.Globalization;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>A place in the output of a run. It stays right while more is printed and when a further attempt begins.</summary>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Offset">Bytes of its output that lie before.</param>
public sealed record OutputPosition(int Attempt, long Offset)
{
    /// <summary>Before everything that was ever printed.</summary>
    public static OutputPosition Start { get; } = new(1, 0);

    /// <summary>The cursor text handed to callers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attempt}:{Offset}");

    /// <summary>Reads a cursor; <see langword="null"/> when it is not one of ours.</summary>
    public static OutputPosition? Parse(string cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        var split = cursor.IndexOf(':', StringComparison.Ordinal);
        return
            split > 0
            && int.TryParse(cursor.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            && attempt > 0
            && long.TryParse(cursor.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new OutputPosition(attempt, offset)
            : null;
    }
}
