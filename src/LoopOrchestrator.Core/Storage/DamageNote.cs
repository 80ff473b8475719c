namespace LoopOrchestrator.Core.Storage;

/// <summary>What is told of a database that was damaged.</summary>
/// <param name="FoundAt">When the damage was found.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Kept">The files set aside, by their names in the folder of damaged databases.</param>
internal sealed record DamageNote(DateTimeOffset FoundAt, string Reason, IReadOnlyList<string> Kept)
{
    /// <summary>When the new database was complete; <see langword="null"/> while it is not.</summary>
    public DateTimeOffset? RebuiltAt { get; init; }

    /// <summary>How many runs the new database knows.</summary>
    public int Runs { get; init; }

    /// <summary>How many of them were going on.</summary>
    public int Running { get; init; }

    /// <summary>
    /// Whether the folder of the database was removed under a process that had it open, which put it back; then nothing was damaged.
    /// </summary>
    public bool IsRemoval { get; init; }

    /// <summary>Whether it was removed while no process had it open, or never was here, as in a fresh clone.</summary>
    public bool WasUnused { get; init; }

    /// <summary>Whether the old database still told which schedules are paused.</summary>
    public bool PausesKept { get; init; }
}
