using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>What trust in a schedule covers: its <c>onlyIf</c>. Times and task texts count at once.</summary>
internal static class OnlyIfTrust
{
    /// <summary>The entry of a schedule's command; <see langword="null"/> when it has none.</summary>
    public static TrustedEntry? Entry(Schedule schedule, string file) =>
        schedule.OnlyIf is { } command ? TrustedEntry.OfCommand(TrustedKind.OnlyIf, $"{file}: {schedule.Id} onlyIf", command) : null;
}
