using System.CommandLine;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Moving;

/// <summary><c>export</c>: the whole workspace as one file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output")
        {
            HelpName = "FILE",
            Description = "The file to write, such as loop.tar.gz. One that is there already is not replaced.",
            Required = true,
        };
        return new Command(
            "export",
            "Write the whole workspace into one file: runs, ledger, cycles and escalations as they are at this moment, what runs have "
                + "printed, memory with its archive, plan, time log, schedules, modes and configuration. Servers go on meanwhile. "
                + "'import FILE' puts it in place, here or elsewhere. Checkpoints stay behind; so do trust, tokens and clients' "
                + "settings, which are a user's."
        )
        {
            output,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var exported = await session.WhileAsync(
                    static () => "Writing the export",
                    () => session.Workspace.Moving.ExportAsync(parsed.GetValue(output)!, cancellationToken)
                );
                session.Output.WriteLine($"Wrote {SafeText.Escape(exported.File)}, {MegabytesOf(exported.Bytes)} MB:");
                session.Output.WriteLine($"  {Recorded(exported.State)}");
                session.Output.WriteLine($"  {exported.Files} file(s)");
                return ExitCode.Ok;
            }
        );
    }

    /// <summary>What is recorded, in words.</summary>
    internal static string Recorded(TransferredState? state) =>
        state is null
            ? "nothing recorded yet"
            : $"{state.Runs} run(s){(state.Going > 0 ? $", {state.Going} of them going on" : "")}, "
                + $"{state.Occurrences} due moment(s) in the ledger";

    /// <summary>A size as people read it.</summary>
    internal static string MegabytesOf(long bytes) => FormattableString.Invariant($"{bytes / 1e6:0.0}");
}
