using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Modes;

/// <summary>What trust in a mode covers: its groups. Its texts are the user's task, and count at once.</summary>
internal static class ModeTrust
{
    /// <summary>The entry of a mode. One that is built in is implied, and matters where the workspace had narrowed it before.</summary>
    public static TrustedEntry Entry(Mode mode)
    {
        var groups = Groups(mode);
        var text = groups.Count > 0 ? string.Join(", ", groups) : "nothing";
        return TrustedEntry.Create(TrustedKind.ModeGroups, $".roomodes: {mode.Slug}", text, groups) with
        {
            Values = groups,
            Always = BuiltInModes.All.FirstOrDefault(own => own.Slug == mode.Slug) is { } builtIn ? Groups(builtIn) : null,
            IsImplied = mode.Source == ModeSource.BuiltIn,
        };
    }

    // Groups of other names permit nothing here.
    private static List<string> Groups(Mode mode) =>
        [
            .. mode
                .Groups.Where(static group => ModeGroup.IsKnown(group.Name))
                .Select(static group => group.FileRegex is { } pattern ? $"{group.Name}:{pattern}" : group.Name)
                .Order(StringComparer.Ordinal),
        ];
}
