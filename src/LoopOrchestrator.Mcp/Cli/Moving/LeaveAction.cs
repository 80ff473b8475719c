using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Moving;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Moving;

/// <summary><c>uninstall --workspace DIR</c>: takes this program out of a workspace.</summary>
internal static class LeaveAction
{
    public static async Task<int> RunAsync(CommandSession session, bool says, CancellationToken cancellationToken)
    {
        var places = ClientPlaces.OfThisProcess();
        var plan = await session.Workspace.Leaving.PlanAsync(places, cancellationToken);
        if (plan.IsNone)
        {
            session.Output.WriteLine("There is nothing of this program here.");
            return ExitCode.Ok;
        }

        Show(session, plan);
        if (!says)
        {
            session.Output.WriteLine(
                "Nothing was removed. Say --yes to remove it; 'loop-orchestrator export --output FILE' keeps a copy before that."
            );
            return ExitCode.Ok;
        }

        await session.Workspace.Leaving.ApplyAsync(plan, places, cancellationToken);
        session.Output.WriteLine("Removed. Schedules, modes, plan, memory, time log and configuration are yours, and stay.");
        return ExitCode.Ok;
    }

    private static void Show(CommandSession session, LeavingPlan plan)
    {
        var output = session.Output;
        output.WriteLine("Of this program there is:");
        if (plan.Folder is { } folder)
        {
            output.WriteLine(
                $"  {SafeText.Escape(folder.Path)}: {folder.Files} file(s), {ExportCommand.MegabytesOf(folder.Bytes)} MB: runs, ledger, "
                    + "archive of the memory, backups, checkpoints"
            );
            foreach (var kept in folder.Kept)
            {
                output.WriteLine($"    {SafeText.Escape(kept)}, which may be nowhere else");
            }
        }

        if (plan.References.Count > 0)
        {
            output.WriteLine($"  {plan.References.Count} reference(s) below refs/loop/ in the repository: checkpoints of steps");
        }

        if (plan.IgnoresState)
        {
            output.WriteLine("  the line /.loop/ in .gitignore");
        }

        foreach (var file in plan.Trust)
        {
            output.WriteLine($"  trust in this workspace, in {SafeText.Escape(file)}");
        }

        foreach (var change in plan.Clients.SelectMany(static client => client.Changes).Where(static change => !change.IsNone))
        {
            output.WriteLine($"  its entry in {SafeText.Escape(change.Path)}");
        }
    }
}
