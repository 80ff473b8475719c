using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>A session as <c>timing sessions --json</c> shows it.</summary>
internal sealed record TimingSessionResult(
    long Id,
    string Process,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyDictionary<string, int> Runs
)
{
    public static TimingSessionResult From(SessionEntry session) =>
        new(
            session.Id,
            session.Process,
            NameOf(session.State),
            session.StartedAt,
            session.EndedAt,
            session.Runs.ToDictionary(static run => run.Key.Name(), static run => run.Value, StringComparer.Ordinal)
        );

    public static string NameOf(SessionState state) =>
        state switch
        {
            SessionState.Holding => "holding",
            SessionState.Ended => "ended",
            _ => "crashed",
        };
}
