using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>What trust in a schedule covers: its <c>onlyIf</c>. Times and task texts count at once.</summary>
internal static class OnlyIfTrust
{
    /// <summary>The entry of a schedule's command; <see langword="null"/> when it has none.</summary>
    public static TrustedEntry? Entry(Schedule schedule, string file) =>
        schedule.OnlyIf is { } command ? TrustedEntry.OfCommand(TrustedKind.OnlyIf, Place(schedule, file), command) : null;

    /// <summary>That a schedule has no command, in whichever file it stands; <see langword="null"/> when it has one.</summary>
    public static TrustedEntry? Guards(Schedule schedule, string file, IReadOnlyList<string> files) =>
        schedule.OnlyIf is not null
            ? null
            : TrustedEntry.OfGuards(TrustedKind.OnlyIf, Place(schedule, file), new([.. files.Select(one => Place(schedule, one))], []));

    /// <summary>The files in which schedules may stand, as they are shown.</summary>
    public static IReadOnlyList<string> Files(WorkspacePaths paths) => [paths.Display(paths.Schedules), paths.Display(paths.RooSchedules)];

    private static string Place(Schedule schedule, string file) => $"{file}: {schedule.Id} onlyIf";
}
