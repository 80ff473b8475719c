using System.CommandLine;
using System.Text;
using LoopOrchestrator.Core.Agents.Detection;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Cli.Setup;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>init</c>: writes the files that a workspace begins with, where they are missing.</summary>
internal static class InitCommand
{
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var options = new Choices();
        var command = new Command(
            "init",
            "Write the files that a workspace begins with where they are missing, and say what to do next. Existing files stay as they "
                + "are. At a terminal it asks what no option says, and shows what it is about to write; else, and with --yes, it "
                + "takes defaults."
        )
        {
            options.Agent,
            options.Every,
            options.IgnoresState,
            options.Trusts,
            options.Yes,
        };
        return command.OnWorkspace((session, parsed, cancellationToken) => RunAsync(session, parsed, options, cancellationToken));
    }

    private static async Task<int> RunAsync(
        CommandSession session,
        ParseResult parsed,
        Choices options,
        CancellationToken cancellationToken
    )
    {
        var paths = session.Workspace.Paths;
        if (GitAdvice.IsBareRepository(paths.Root))
        {
            throw new UserErrorException(
                $"{paths.Root} is a bare git repository: it has no work tree for agents to work in. Nothing was written. Make a "
                    + "clone of it (git clone), and call init there."
            );
        }

        var questions =
            !parsed.GetValue(options.Yes) && TerminalWriter.AnswersOf(session.Output) is { } answers
                ? new TerminalQuestions(answers, session.Output)
                : null;
        var choices = await ChooseAsync(session, parsed, options, questions);
        var ignore = choices.IgnoresState ? WithIgnored(session) : null;
        if (questions is not null)
        {
            ShowPlan(session, choices, ignore);
            if (!questions.IsYes("Do it?", byDefault: true))
            {
                session.Output.WriteLine("Nothing was written.");
                return ExitCode.Failed;
            }
        }

        Write(
            session,
            session.Options.ConfigFile.Value,
            choices.StartupFile,
            parsed.GetValue(options.Agent) is null ? null : options.Agent
        );
        if (HasSchedulesOfRoo(session))
        {
            // Ours would be read instead of it, and its schedules would silently stop.
            var note = parsed.GetValue(options.Every) is null ? "" : $"; {options.Every.Name} changes nothing: edit that file";
            session.Output.WriteLine(
                $"kept     {paths.Display(paths.RooSchedules)} (read as long as there is no schedules.json, so none was written{note})"
            );
        }
        else
        {
            Write(session, paths.Schedules, choices.Schedules, parsed.GetValue(options.Every) is null ? null : options.Every);
        }

        if (ignore is not null)
        {
            Replace(session, IgnoreFile(session), ignore);
        }

        // What was written counts from here on.
        using var now = choices == StartChoices.Default ? null : CommandSession.Open(parsed, needsConfiguration: false);
        if (choices.Trusts && now is not null)
        {
            session.Output.WriteLine();
            TrustCommand.Trust(now, onlyShows: false, asJson: false);
        }

        var after = now ?? session;
        WriteNext(after);
        foreach (
            var advice in await GitAdvice.DescribeAsync(paths, after.Workspace.Trust.IsTrusted, session.Workspace.Time, cancellationToken)
        )
        {
            session.Output.WriteLine($"\nNote: {SafeText.Escape(advice)}");
        }

        return ExitCode.Ok;
    }

    // Asked is only what is not said by an option, and what still makes a difference here.
    private static async Task<StartChoices> ChooseAsync(
        CommandSession session,
        ParseResult parsed,
        Choices options,
        TerminalQuestions? questions
    )
    {
        var paths = session.Workspace.Paths;
        var start = StartChoices.Default;
        var agent = parsed.GetValue(options.Agent);
        if (agent is null && questions is not null && !Path.Exists(session.Options.ConfigFile.Value))
        {
            var found = (await AgentDetection.FindAsync(paths.Root, VersionLimit, session.Workspace.Time))
                .Where(static one => one is { Path: not null, Problem: null })
                .Select(static one => $"{one.Name}{(one.Version is { } version ? $" {SafeText.Escape(version)}" : "")}")
                .ToList();
            session.Output.WriteLine(
                $"Agent programs found on PATH: {(found.Count == 0 ? "none" : string.Join(", ", found))}. "
                    + $"With {StartChoices.HandOff} the agent of a connected client takes the work."
            );
            agent = questions.Choose("Who does the work?", AgentNames, start.Agent);
        }

        var every = parsed.GetValue(options.Every);
        if (every is null && questions is not null && !Path.Exists(paths.Schedules) && !HasSchedulesOfRoo(session))
        {
            every = questions.Text(
                "How often should it choose the next step by itself, as in '30 minutes'?",
                start.Every,
                StartChoices.RefuseInterval
            );
        }

        var ignores =
            parsed.GetValue(options.IgnoresState)
            || (
                questions is not null
                && Path.Exists(Path.Combine(paths.Root, ".git"))
                && ReadIgnored(session) is var ignored
                && !StartChoices.IsUtf16(ignored)
                && StartChoices.WithIgnored(ignored) is not null
                && questions.IsYes(
                    "Add /.loop/ to .gitignore? (It hides itself from git; a line there tells other tools.)",
                    start.IgnoresState
                )
            );
        var asksForTrust = questions is not null && !session.Workspace.Trust.IsTrusted;
        if (asksForTrust)
        {
            // Somebody else may have written these files, in a clone for one: nobody says yes to what was not shown.
            session.Output.WriteLine();
            TrustCommand.Trust(session, onlyShows: true, asJson: false);
        }

        var trusts =
            parsed.GetValue(options.Trusts)
            || (asksForTrust && questions!.IsYes("May the programs that this workspace names be started? (trust)", start.Trusts));
        return new StartChoices(agent ?? start.Agent, every ?? start.Every, ignores, trusts);
    }

    private static void ShowPlan(CommandSession session, StartChoices choices, byte[]? ignore)
    {
        var paths = session.Workspace.Paths;
        session.Output.WriteLine("\nThis is about to be done:");
        Show(session.Options.ConfigFile.Value, choices.StartupFile);
        if (!HasSchedulesOfRoo(session))
        {
            Show(paths.Schedules, choices.Schedules);
        }

        if (ignore is not null)
        {
            session.Output.WriteLine("  .gitignore gets the line /.loop/");
        }

        if (choices.Trusts)
        {
            session.Output.WriteLine("  trust is recorded, outside of the workspace");
        }

        void Show(string path, string content)
        {
            var isThere = Path.Exists(path);
            session.Output.WriteLine($"  {paths.Display(path)} {(isThere ? "stays as it is" : "is written:")}");
            foreach (var line in isThere ? [] : content.TrimEnd().Split('\n'))
            {
                session.Output.WriteLine($"    {line.TrimEnd('\r')}");
            }
        }
    }

    private static string[] AgentNames => [StartChoices.HandOff, .. AgentDetection.Names];

    private static bool HasSchedulesOfRoo(CommandSession session) =>
        !Path.Exists(session.Workspace.Paths.Schedules) && Path.Exists(session.Workspace.Paths.RooSchedules);

    private static SharedPath IgnoreFile(CommandSession session) =>
        new(session.Workspace.Paths, Path.Combine(session.Workspace.Paths.Root, ".gitignore"), FileSizes.Own);

    private static byte[]? WithIgnored(CommandSession session) =>
        ReadIgnored(session) is var bytes && StartChoices.IsUtf16(bytes)
            ? throw new UserErrorException(
                ".gitignore is UTF-16, which git does not read, so a line for /.loop/ would do nothing there. Nothing was written. "
                    + "Save it as UTF-8, or call init without the line: .loop hides itself from git."
            )
            : StartChoices.WithIgnored(bytes);

    private static byte[] ReadIgnored(CommandSession session)
    {
        try
        {
            return IgnoreFile(session).ReadOrNull() ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($".gitignore cannot be read: {exception.Message}. Nothing was written.", exception);
        }
    }

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

    private static void Write(CommandSession session, string path, string content, Option? given)
    {
        if (Path.Exists(path))
        {
            var note = given is null ? "" : $" (so {given.Name} changes nothing; edit the file)";
            session.Output.WriteLine($"kept     {session.Workspace.Paths.Display(path)}{note}");
            return;
        }

        Replace(
            session,
            new SharedPath(session.Workspace.Paths, path, FileSizes.Own),
            Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\n"))
        );
    }

    private static void Replace(CommandSession session, SharedPath path, byte[] content)
    {
        try
        {
            DurableFile.Replace(path, content);
            session.Output.WriteLine($"written  {session.Workspace.Paths.Display(path.FilePath)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path.FilePath} cannot be written: {exception.Message}", exception);
        }
    }

    private sealed class Choices
    {
        public Choices()
        {
            Agent.AcceptOnlyFromAmong(AgentNames);
            Every.Validators.Add(static result =>
            {
                if (result.GetValueOrDefault<string?>() is { } given && StartChoices.RefuseInterval(given) is { } problem)
                {
                    result.AddError(problem);
                }
            });
        }

        public Option<string?> Agent { get; } =
            new("--agent")
            {
                HelpName = "NAME",
                Description =
                    $"Who does the work: {StartChoices.HandOff} (the agent of a connected client) or an agent program, "
                    + $"{string.Join(", ", AgentDetection.Names)}. [default: {StartChoices.HandOff}]",
            };

        public Option<string?> Every { get; } =
            new("--every")
            {
                HelpName = "INTERVAL",
                Description =
                    $"How often the first schedule fires, as in \"30 minutes\"; {StartChoices.Off}: not by itself. "
                    + $"[default: {StartChoices.Off}]",
            };

        public Option<bool> IgnoresState { get; } = new("--git-ignore") { Description = "Add /.loop/ to .gitignore." };

        public Option<bool> Trusts { get; } =
            new("--trust") { Description = "Let the programs that the workspace names be started, as the command trust does." };

        public Option<bool> Yes { get; } = new("--yes") { Description = "Ask nothing: take the default for what no option says." };
    }
}
