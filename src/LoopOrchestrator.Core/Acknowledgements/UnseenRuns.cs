using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>Runs of one <see cref="AcknowledgementSubject"/> that have ended and that nobody has seen.</summary>
/// <param name="Subject">What is acknowledged.</param>
/// <param name="Count">How many they are, at least 1.</param>
/// <param name="FirstEndedAt">The end of the first of them.</param>
/// <param name="Latest">The one that ended last.</param>
internal sealed record UnseenRuns(string Subject, int Count, DateTimeOffset FirstEndedAt, Run Latest)
{
    /// <summary>How many subjects are read at once, those that have waited longest.</summary>
    public const int MaxSubjects = 500;
}
