using System.CommandLine;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>init</c>: writes the files that a workspace begins with, where they are missing.</summary>
internal static class InitCommand
{
    private const string StartupFile = """
        {
          "defaultAgent": "handoff"
        }

        """;

    private const string FirstTask =
        "Read TODO.md, persistent-memory.md and the latest commits. Say which open item is worth doing next and why, "
        + "and what would show that it is done. Where there is no plan yet, draft one.";

    // Roo Scheduler's format, with the fields that matter here; inactive, because nobody has said yet who does the work.
    private const string Schedules = $$"""
        {
          "schedules": [
            {
              "id": "next-step",
              "name": "Choose the next step",
              "mode": "planning-priorities",
              "taskInstructions": "{{FirstTask}}",
              "scheduleType": "time",
              "timeInterval": "10",
              "timeUnit": "minute",
              "active": false,
              "taskInteraction": "wait"
            }
          ]
        }

        """;

    public static Command Create() =>
        new Command(
            "init",
            "Write the files that a workspace begins with where they are missing, and say what to do next. Existing files stay as they are."
        ).OnWorkspace(
            async (session, _, cancellationToken) =>
            {
                var paths = session.Workspace.Paths;
                if (GitAdvice.IsBareRepository(paths.Root))
                {
                    throw new UserErrorException(
                        $"{paths.Root} is a bare git repository: it has no work tree for agents to work in. Nothing was written. Make a "
                            + "clone of it (git clone), and call init there."
                    );
                }

                Write(session, session.Options.ConfigFile.Value, StartupFile);
                if (!Path.Exists(paths.Schedules) && Path.Exists(paths.RooSchedules))
                {
                    // Ours would be read instead of it, and its schedules would silently stop.
                    session.Output.WriteLine(
                        $"kept     {paths.Display(paths.RooSchedules)} (read as long as there is no schedules.json, so none was written)"
                    );
                }
                else
                {
                    Write(session, paths.Schedules, Schedules);
                }

                WriteNext(session);
                foreach (
                    var advice in await GitAdvice.DescribeAsync(
                        paths,
                        session.Workspace.Trust.IsTrusted,
                        session.Workspace.Time,
                        cancellationToken
                    )
                )
                {
                    session.Output.WriteLine($"\nNote: {SafeText.Escape(advice)}");
                }

                return ExitCode.Ok;
            }
        );

    // Only what is left to do here: who has an active schedule, an agent or the word of trust already is not told to get one.
    private static void WriteNext(CommandSession session)
    {
        var workspace = session.Workspace;
        var schedules = workspace.Schedules.Source;
        List<string> steps = [];
        if (session.Configuration.Agents.Count == 0)
        {
            steps.Add(
                $"""
                Name the program that does the work in {workspace.Paths.Display(
                    session.Options.ConfigFile.Value
                )}, for instance Claude Code:
                       "defaultAgent": "claude", "agents": {"{"} "claude": {"{"} "kind": "cli", "preset": "claude" {"}"} {"}"}
                     With "handoff" the agent of a connected client takes the work with claim_run.
                """
            );
        }

        if (!schedules.Schedules.Any(static schedule => schedule.Active))
        {
            steps.Add($"Set \"active\": true on a schedule in {workspace.Paths.Display(schedules.FilePath)}.");
        }

        if (!workspace.Trust.IsTrusted)
        {
            steps.Add("Say that this workspace's programs may be started: loop-orchestrator trust");
        }

        steps.Add("Start the server and leave it running: loop-orchestrator --mode http");
        session.Output.WriteLine("\nNext:");
        for (var number = 1; number <= steps.Count; number++)
        {
            session.Output.WriteLine($"  {number}. {steps[number - 1]}");
        }

        session.Output.WriteLine("Look at any time with: loop-orchestrator status");
    }

    private static void Write(CommandSession session, string path, string content)
    {
        var name = session.Workspace.Paths.Display(path);
        try
        {
            if (Path.Exists(path))
            {
                session.Output.WriteLine($"kept     {name}");
                return;
            }

            DurableFile.Replace(
                new SharedPath(session.Workspace.Paths, path, FileSizes.Own),
                Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\n"))
            );
            session.Output.WriteLine($"written  {name}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {exception.Message}", exception);
        }
    }
}
