using System.CommandLine;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Escalations;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>escalations</c>: steps that stopped after repeated failures.</summary>
internal static class EscalationsCommand
{
    private const int MaxListed = 100;

    public static Command Create() =>
        new("escalations", "See which steps stopped after repeated failures, and let them go on.") { List(), Resolve() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "List resolved ones, too." };
        var json = WorkspaceCommand.Json(like: null);
        return new Command("list", "List open escalations, newest first.") { all, json }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var escalations = await session.Workspace.Escalations.ListAsync(parsed.GetValue(all), MaxListed, cancellationToken);
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(EscalationsAnswer.From(escalations), ReadableJson.Commands.EscalationsAnswer);
                }

                var table = new TextTable(Column.Whole("ESCALATION"), Column.Whole("SINCE"), "RESOLVED", Column.Ids("LAST RUN"), "REASON");
                foreach (var escalation in escalations)
                {
                    table.Add(
                        escalation.Id.ToString(),
                        session.Moment(escalation.Since),
                        escalation.ResolvedAt is null
                            ? "open"
                            : $"{session.Moment(escalation.ResolvedAt)}: {ReadableText.Short(escalation.Note ?? "")}",
                        escalation.Runs[^1],
                        ReadableText.Short(escalation.Reason)
                    );
                }

                if (table.Count == 0)
                {
                    session.Output.WriteLine("No escalation is open.");
                    return ExitCode.Ok;
                }

                table.Write(session.Output);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Resolve()
    {
        var id = new Argument<int>("ESCALATION") { Description = "Its number." };
        var note = new Argument<string>("NOTE") { Description = "What was found and changed; it is kept." };
        return new Command("resolve", "Let a step go on that stopped after repeated failures. Fix the cause first.")
        {
            id,
            note,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var (escalation, resumed) = await session.Workspace.Escalations.ResolveAsync(
                    parsed.GetValue(id),
                    parsed.GetValue(note)!,
                    cancellationToken
                );
                session.Output.WriteLine(
                    $"Escalation {escalation.Id} is resolved. {SafeText.Escape(CommandWords.Of(EscalationTools.Next(escalation, resumed)))}"
                );
                return ExitCode.Ok;
            }
        );
    }
}
