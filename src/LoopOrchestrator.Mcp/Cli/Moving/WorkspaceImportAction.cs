using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Moving;

/// <summary><c>import FILE</c>: what <c>export</c> wrote, in the place of the history and of the files of the same names.</summary>
internal static class WorkspaceImportAction
{
    public static async Task<int> RunAsync(
        CommandSession session,
        string file,
        bool replaces,
        bool isDry,
        CancellationToken cancellationToken
    )
    {
        using var plan = await session.WhileAsync(
            static () => "Reading the export",
            () => session.Workspace.Moving.ReadAsync(file, cancellationToken)
        );
        session.Output.WriteLine(
            $"An export of {SafeText.Escape(plan.Workspace)}, made {session.Moment(plan.ExportedAt)}: "
                + $"{ExportCommand.Recorded(plan.State)}, {plan.Files} file(s)"
        );
        if (plan.Replaces)
        {
            session.Output.WriteLine("It takes the place of this; all other files stay:");
            if (plan.Replaced is { } there)
            {
                session.Output.WriteLine($"  {ExportCommand.Recorded(there)}");
            }

            foreach (var name in plan.ReplacedFiles)
            {
                session.Output.WriteLine($"  {SafeText.Escape(name)}, which is another (kept in .loop/set-aside)");
            }
        }

        if (isDry)
        {
            session.Output.WriteLine("Nothing was changed.");
            return ExitCode.Ok;
        }

        if (plan.Replaces && !replaces)
        {
            throw new UserErrorException(
                "This workspace has a history or files of its own, listed above. Nothing was changed. Export them first where they matter, "
                    + "then say --replace."
            );
        }

        await session.WhileAsync(
            static () => "Importing",
            async () =>
            {
                await session.Workspace.Moving.ImportAsync(plan, cancellationToken);
                return true;
            }
        );
        session.Output.WriteLine("Imported. Servers of this workspace go on with it at once.");
        if (plan.State is { Going: > 0 })
        {
            session.Output.WriteLine("Runs that were going on when it was made are interrupted here.");
        }

        if (session.Workspace.Approved.Held().Count > 0 || !session.Workspace.Trust.IsTrusted)
        {
            session.Output.WriteLine("Next: loop-orchestrator trust   (what may be executed is for a person of this machine to say)");
        }

        return ExitCode.Ok;
    }
}
