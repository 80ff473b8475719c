using System.CommandLine;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing rotate</c>: moves the months that are over now, instead of within the hour.</summary>
internal static class TimingRotateCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would move, and change nothing." };
        var command = new Command(
            "rotate",
            "Move the months of task_timing.tsv that have been over for a day to timing/task_timing-YYYY-MM.tsv, as a "
                + "server does by itself. Reports read both."
        )
        {
            dryRun,
        };
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var isDry = parsed.GetValue(dryRun);
                var rotation = session.Workspace.TimingRotation;
                var result = isDry ? await rotation.PlanAsync(cancellationToken) : await rotation.RotateAsync(cancellationToken);
                foreach (var month in result.Months)
                {
                    session.Output.WriteLine(
                        $"{month.Lines} lines ({month.Bytes} bytes) {(isDry ? "would move" : "moved")} to {month.File}"
                    );
                }

                if (result.WhyNot is { } why)
                {
                    var nothing = result.Months.Count == 0 ? "Nothing" : "Nothing more";
                    session.Output.WriteLine($"{nothing} {(isDry ? "would be" : "was")} moved: {why}");
                }
                else if (result.Months.Count == 0)
                {
                    session.Output.WriteLine("Nothing to move: no month of the time log is over.");
                }

                return ExitCode.Ok;
            }
        );
    }
}
