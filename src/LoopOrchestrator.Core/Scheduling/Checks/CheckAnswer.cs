using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>What came of asking an <c>onlyIf</c> command.</summary>
internal abstract record CheckAnswer
{
    private CheckAnswer() { }

    /// <summary>The occurrence goes on.</summary>
    public sealed record Yes : CheckAnswer;

    /// <summary>The occurrence is left out.</summary>
    /// <param name="Reason">Why, in words.</param>
    /// <param name="Code">The kind of the reason, where something depends on that.</param>
    public sealed record No(string Reason, OccurrenceReasonCode? Code = null) : CheckAnswer;

    /// <summary>The command was asked, and said no.</summary>
    public static No SaidNo(int? exitCode) => new($"its onlyIf command ended with exit code {exitCode}", OccurrenceReasonCode.CheckSaidNo);

    /// <summary>Nobody could be asked: somebody has to correct the command, or install its program.</summary>
    public static No NotStarted(string why) => new($"its onlyIf command could not be started: {why}", OccurrenceReasonCode.CheckNotStarted);
}
