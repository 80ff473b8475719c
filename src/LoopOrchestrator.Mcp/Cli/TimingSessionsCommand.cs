using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Timing;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing sessions</c>: who held the scheduler lock, for how long, and what came of it.</summary>
internal static class TimingSessionsCommand
{
    public static Command Create()
    {
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, 1000, 20);
        var json = new Option<bool>("--json") { Description = "Print them as JSON." };
        return new Command(
            "sessions",
            "List sessions, the latest first: one process's hold of the scheduler lock, with its duration and the runs "
                + "that were started meanwhile."
        )
        {
            limit,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var sessions = await session.Workspace.Servers.SessionsAsync(parsed.GetValue(limit), cancellationToken);
                if (parsed.GetValue(json))
                {
                    await session.Output.WriteLineAsync(
                        JsonSerializer.Serialize(
                            sessions.Select(TimingSessionResult.From).ToList(),
                            ReadableJson.Tools.IReadOnlyListTimingSessionResult
                        )
                    );
                    return ExitCode.Ok;
                }

                if (sessions.Count == 0)
                {
                    session.Output.WriteWrapped(
                        "No process has held the scheduler lock yet. 'loop-orchestrator --mode stdio' takes it when there is a schedule.",
                        0
                    );
                    return ExitCode.Ok;
                }

                var table = new TextTable(
                    Column.Whole("SESSION"),
                    Column.Whole("STARTED"),
                    Column.Whole("LASTED"),
                    Column.States("STATE"),
                    Column.Whole("PROCESS"),
                    Column.Whole("RUNS"),
                    "OUTCOMES"
                );
                foreach (var entry in sessions)
                {
                    table.Add(
                        entry.Id.ToString(),
                        session.Moment(entry.StartedAt),
                        Lasted(entry, session.Workspace.Time.GetUtcNow()),
                        TimingSessionResult.NameOf(entry.State),
                        entry.Process.Split(':')[0],
                        entry.Runs.Values.Sum().ToString(),
                        string.Join(", ", entry.Runs.OrderBy(static run => run.Key).Select(static run => $"{run.Value} {run.Key.Name()}"))
                    );
                }

                table.Write(session.Output);
                return ExitCode.Ok;
            }
        );
    }

    // When a process died is not known, only that it was before the next one took the lock.
    private static string Lasted(SessionEntry entry, DateTimeOffset now) =>
        entry.State switch
        {
            SessionState.Holding => ReadableText.Duration((now - entry.StartedAt).TotalSeconds),
            _ when entry.EndedAt is null => "?",
            SessionState.Crashed => "< " + ReadableText.Duration((entry.EndedAt!.Value - entry.StartedAt).TotalSeconds),
            _ => ReadableText.Duration((entry.EndedAt!.Value - entry.StartedAt).TotalSeconds),
        };
}
