using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Timing;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing audit</c>: what passed its limit, and what could not be read.</summary>
internal static class TimingAuditCommand
{
    public static Command Create()
    {
        var limit = WorkspaceCommand.Number("--limit", "N", "How many of each kind at the most.", 1, 1000, 20);
        var json = new Option<bool>("--json") { Description = "Print it as JSON." };
        return new Command(
            "audit",
            "Show what passed its limit and which setting allows it, what is open for too long, and rows that could not be understood."
        )
        {
            limit,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var audit = await session.Workspace.TimingAudit.ReadAsync(parsed.GetValue(limit), cancellationToken);
                if (parsed.GetValue(json))
                {
                    await session.Output.WriteLineAsync(
                        JsonSerializer.Serialize(TimingAuditResult.From(audit), ReadableJson.Tools.TimingAuditResult)
                    );
                    return ExitCode.Ok;
                }

                Write(session, "Took longer than their limit, or than an hour:", audit.Over);
                Write(session, "Open for longer than their limit:", audit.Open);
                var summary = audit.Summary;
                session.Output.WriteWrapped(
                    $"{audit.OverCount} complete intervals are longer than "
                        + $"{ReadableText.Duration(TimingAuditReader.UsualLimit)}, {summary.Report.OpenCount} are open, "
                        + $"{summary.NotUnderstood} rows could not be understood, {summary.RepairedRows} were read by a "
                        + $"fall-back rule, {summary.UnmatchedEnds} end without a start.",
                    0
                );
                await TimingCommand.WriteDiagnosticsAsync(session, summary);
                return ExitCode.Ok;
            }
        );
    }

    private static void Write(CommandSession session, string heading, IReadOnlyList<TimingAuditEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        session.Output.WriteLine(heading);
        var table = new TextTable(
            Column.Whole("STARTED"),
            Column.Whole("TOOK"),
            Column.Whole("LIMIT"),
            "",
            "MODE",
            "PRIORITY",
            Column.Ids("ID"),
            "TASK",
            "LIMIT FROM"
        );
        foreach (var entry in entries)
        {
            table.Add(
                session.Moment(entry.StartTime),
                ReadableText.Duration(entry.Seconds),
                ReadableText.Duration(entry.LimitSeconds),
                entry.IsAllowed ? "allowed" : "passed",
                ReadableText.Short(entry.Mode),
                ReadableText.Short(entry.Priority),
                ReadableText.Short(entry.TaskId),
                ReadableText.Short(entry.Task),
                entry.Setting
            );
        }

        table.Write(session.Output);
        session.Output.WriteLine();
    }
}
