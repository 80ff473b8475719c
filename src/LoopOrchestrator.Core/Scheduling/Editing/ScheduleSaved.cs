using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>What a save did; it is on disk.</summary>
/// <param name="Id">The schedule.</param>
/// <param name="Created">Whether it is new.</param>
/// <param name="File">The file, relative to the workspace.</param>
/// <param name="Changed">
/// The fields that say something else than before; none when everything was so already, and nothing was written then.
/// </param>
/// <param name="Diagnostics">What the file still says about this schedule that somebody should look at.</param>
public sealed record ScheduleSaved(string Id, bool Created, string File, IReadOnlyList<string> Changed, IReadOnlyList<string> Diagnostics)
{
    /// <summary>
    /// The schedule as it stands now; <see langword="null"/> when an error that was there before keeps it from being in force.
    /// </summary>
    [JsonIgnore]
    public Schedule? Schedule { get; init; }

    /// <summary>When it is due next; <see langword="null"/> when it is inactive, paused or not in force.</summary>
    public DateTimeOffset? NextOccurrence { get; init; }

    /// <summary>Where the replaced bytes are, relative to the workspace; <see langword="null"/> when nothing was replaced.</summary>
    public string? Backup { get; init; }
}
