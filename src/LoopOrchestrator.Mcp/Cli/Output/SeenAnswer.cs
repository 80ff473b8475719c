using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>runs seen --json</c> prints.</summary>
/// <param name="Seen">What is not shown again, in the order in which <c>status</c> had it.</param>
internal sealed record SeenAnswer(IReadOnlyList<SeenAnswer.SeenRuns> Seen)
{
    /// <summary>Runs that have been seen together: those of one schedule that ended in one way, or one run.</summary>
    /// <param name="Kind"><c>failed</c> or <c>done</c>.</param>
    /// <param name="Title">What <c>status</c> calls it.</param>
    /// <param name="RunId">The latest of them.</param>
    /// <param name="ScheduleId">The schedule that asked for them.</param>
    /// <param name="Until">The end of the latest: what ends later is shown again.</param>
    internal sealed record SeenRuns(string Kind, string Title, string RunId, string? ScheduleId, DateTimeOffset Until)
    {
        /// <param name="need">What waited to be seen.</param>
        /// <param name="until">Up to when it has been.</param>
        /// <param name="runId">The latest run up to then.</param>
        public static SeenRuns Of(Need need, DateTimeOffset until, string runId) =>
            new(need.KindName, need.Title, runId, need.Run?.ScheduleId, until);
    }
}
