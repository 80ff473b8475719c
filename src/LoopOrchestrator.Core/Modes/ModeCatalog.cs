using System.Collections.Frozen;
using System.Collections.ObjectModel;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// The modes that are in force in one workspace: the built-in ones, overridden and added to by the workspace's own. Immutable
/// and thread safe. Building one reads nothing; the built-in modes are read when a mode is first asked for.
/// </summary>
public sealed class ModeCatalog
{
    private readonly Lazy<FrozenDictionary<string, Mode>> _bySlug;
    private readonly Lazy<IReadOnlyList<Mode>> _all;

    /// <summary>Puts the modes of <paramref name="workspace"/> on top of the built-in ones.</summary>
    /// <param name="workspace">What was read from the workspace's file; <see langword="null"/> when it has none.</param>
    public ModeCatalog(RooModesResult? workspace = null)
    {
        workspace ??= RooModesResult.Empty;
        Diagnostics = [.. workspace.Diagnostics];
        Mode[] own = [.. workspace.Modes];
        _all = new(() => Merge(own));
        _bySlug = new(() => _all.Value.ToFrozenDictionary(mode => mode.Slug, StringComparer.Ordinal));
    }

    /// <summary>
    /// Every mode: built-in ones, or what overrides them, in their order; then the workspace's others in the file's order.
    /// </summary>
    public IReadOnlyList<Mode> All => _all.Value;

    /// <summary>What the workspace's file could not say clearly.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The mode called <paramref name="slug"/>, exactly so; <see langword="null"/> when there is none.</summary>
    public Mode? Find(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return _bySlug.Value.GetValueOrDefault(slug);
    }

    /// <summary>
    /// The slugs that someone who wrote <paramref name="slug"/> may have meant, the likeliest first and otherwise by alphabet;
    /// none when nothing comes near.
    /// </summary>
    /// <param name="slug">What was written; may be anything.</param>
    /// <param name="max">How many at most; none when not positive.</param>
    public IReadOnlyList<string> Nearest(string slug, int max = 3) => NearestName.Rank(slug, All.Select(static mode => mode.Slug), max);

    private static ReadOnlyCollection<Mode> Merge(Mode[] own)
    {
        var result = new List<Mode>(BuiltInModes.All);
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < result.Count; index++)
        {
            positions.Add(result[index].Slug, index);
        }

        foreach (var mode in own)
        {
            if (!positions.TryGetValue(mode.Slug, out var position))
            {
                positions.Add(mode.Slug, result.Count);
                result.Add(mode);
            }
            else if (result[position].Source == ModeSource.BuiltIn)
            {
                // The file's format knows no stages; without this an overridden mode would drop out of the default workflow.
                result[position] = mode with { Stage = result[position].Stage ?? mode.Stage };
            }
        }

        return result.AsReadOnly();
    }
}
