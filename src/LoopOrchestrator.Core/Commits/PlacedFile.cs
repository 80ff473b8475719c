using LoopOrchestrator.Core.Commits.Roles;

namespace LoopOrchestrator.Core.Commits;

/// <summary>A changed file with where it belongs.</summary>
/// <param name="File">The file.</param>
/// <param name="Anchor">
/// The path that decides: its own, or for a file that was moved away the one that it has now, so that both halves of a move stay together.
/// </param>
internal sealed record PlacedFile(ChangedFile File, string Anchor)
{
    /// <summary>What it is for.</summary>
    public FileRole Role { get; } = FileRoles.Of(Anchor);

    /// <summary>Its feature; see <see cref="FeatureFolder"/>.</summary>
    public string Feature { get; } = FeatureFolder.Of(Anchor);
}
