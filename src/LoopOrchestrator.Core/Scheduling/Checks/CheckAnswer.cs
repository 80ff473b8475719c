using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>What came of asking an <c>onlyIf</c> command.</summary>
/// <param name="Passes">Whether the occurrence goes on.</param>
/// <param name="Reason">Why not, when it does not.</param>
/// <param name="Code">The kind of the reason, where something depends on that.</param>
internal sealed record CheckAnswer(bool Passes, string Reason, OccurrenceReasonCode? Code = null)
{
    public static CheckAnswer Yes { get; } = new(true, "");

    public static CheckAnswer No(string reason) => new(false, reason);

    /// <summary>Nobody could be asked: somebody has to correct the command, or install its program.</summary>
    public static CheckAnswer NotStarted(string why) =>
        new(false, $"its onlyIf command could not be started: {why}", OccurrenceReasonCode.CheckNotStarted);
}
