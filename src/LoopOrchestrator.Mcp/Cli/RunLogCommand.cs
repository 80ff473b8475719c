using System.CommandLine;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>runs log</c>: prints what a run has printed, and goes on doing so while it runs.</summary>
internal static class RunLogCommand
{
    private const int PartBytes = 64 * 1024;

    public static Command Create()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing until the run has ended." };
        return new Command("log", "Print what a run's attempts have printed so far, without what could steer the terminal.")
        {
            id,
            follow,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var run = await runs.GetAsync(parsed.GetValue(id)!, cancellationToken);
                var position = OutputPosition.Start;
                while (true)
                {
                    var part = runs.Output(run, position, PartBytes);
                    Write(session.Output, part.Text);
                    if (part.IsLast || (part.Next == position && !parsed.GetValue(follow)))
                    {
                        break;
                    }

                    // Asked for before it is waited for, so that nothing is missed between.
                    run =
                        part.Next == position
                            ? await runs.WaitForOutputAsync(run.Id, position, RunService.MaxWaitSeconds, cancellationToken)
                            : run;
                    position = part.Next;
                }

                session.Error.WriteLine(
                    run.State.HasEnded()
                        ? $"Run {run.Id} is {run.State.Name()}: {run.Reason}"
                        : $"Run {run.Id} is {run.State.Name()}; --follow goes on with it."
                );
                return ExitCode.Ok;
            }
        );
    }

    private static void Write(TextWriter output, string text)
    {
        var body = text.TrimEnd('\n');
        output.Write(ReadableText.Block(body));
        output.Write(new string('\n', text.Length - body.Length));
        output.Flush();
    }
}
