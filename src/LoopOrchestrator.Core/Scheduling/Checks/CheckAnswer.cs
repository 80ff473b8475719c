namespace LoopOrchestrator.Core.Scheduling.Checks;

/// <summary>What came of asking an <c>onlyIf</c> command.</summary>
/// <param name="Passes">Whether the occurrence goes on.</param>
/// <param name="Reason">Why not, when it does not.</param>
internal sealed record CheckAnswer(bool Passes, string Reason)
{
    /// <summary>How the reason begins when the command could not be started: somebody has to correct it.</summary>
    public const string CouldNotStart = "its onlyIf command could not be started";

    public static CheckAnswer Yes { get; } = new(true, "");

    public static CheckAnswer No(string reason) => new(false, reason);
}
