namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// A role in which an agent does one kind of work. Immutable; two modes are equal when every part is, the groups in order.
/// </summary>
public sealed record Mode
{
    /// <summary>The name by which schedules and tools call the mode; letters, digits and hyphens, and case counts.</summary>
    public required string Slug { get; init; }

    /// <summary>The name for people. Never blank.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The stage it works in; <see langword="null"/> for a mode that belongs to none, as all that only <c>.roomodes</c> defines.
    /// </summary>
    public Stage? Stage { get; init; }

    /// <summary>One line for people; <see langword="null"/> where the author gave none.</summary>
    public string? Description { get; init; }

    /// <summary>Who the agent is and what it answers for. Never blank.</summary>
    public required string RoleDefinition { get; init; }

    /// <summary>When to choose this mode over another; <see langword="null"/> where the author gave none.</summary>
    public string? WhenToUse { get; init; }

    /// <summary>How to work; <see langword="null"/> where the author gave none.</summary>
    public string? CustomInstructions { get; init; }

    /// <summary>
    /// Rules that came with its entry (<c>rulesFiles</c>, as an export writes them), by their paths below <c>.roo</c>. Those in files of
    /// their own are read when a run starts.
    /// </summary>
    public IReadOnlyList<ModeRule> Rules { get; init; } = [];

    /// <summary>What the mode may use, each group at most once. Empty means that it may only think and answer.</summary>
    public IReadOnlyList<ModeGroup> Groups { get; init; } = [];

    /// <summary>Where it was defined.</summary>
    public ModeSource Source { get; init; }

    /// <inheritdoc />
    public bool Equals(Mode? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Stage == other.Stage
            && Source == other.Source
            && string.Equals(Slug, other.Slug, StringComparison.Ordinal)
            && string.Equals(Name, other.Name, StringComparison.Ordinal)
            && string.Equals(Description, other.Description, StringComparison.Ordinal)
            && string.Equals(RoleDefinition, other.RoleDefinition, StringComparison.Ordinal)
            && string.Equals(WhenToUse, other.WhenToUse, StringComparison.Ordinal)
            && string.Equals(CustomInstructions, other.CustomInstructions, StringComparison.Ordinal)
            && Rules.SequenceEqual(other.Rules)
            && Groups.SequenceEqual(other.Groups)
        );

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Slug, Name, Stage, Source, RoleDefinition, CustomInstructions, Groups.Count);
}
