using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Starts the work of a run that has just been taken: the start row, the brief, the order to a supervisor, the supervisor. In this
/// order, so that no work is done that the time log does not know of.
/// </summary>
internal sealed class RunLauncher(
    WorkspacePaths paths,
    IRunStore store,
    AgentCatalog agents,
    RunLimits limits,
    RunBriefs briefs,
    IStepContextReader steps,
    TimingLog timing,
    ISupervisorLauncher supervisors,
    Redactor redactor,
    TimeProvider time)
{
    private const int LongestDescription = 300;
    private const string RuntimeFolder = "DOTNET_ROOT";

    /// <summary>Writes the start row, unless one is open from an attempt just before. When it returns, the row is on disk.</summary>
    /// <exception cref="UserErrorException">It could not be written; the run must not start.</exception>
    public async Task WriteStartRowAsync(Run run, string title, CancellationToken cancellationToken = default)
    {
        // Before the row: whoever looks behind a crash takes a row without a folder for that of a program whose folder was removed.
        if (briefs.CreateFolder(run) is { } kept)
        {
            await store.TryDecideOnceAsync(
                run.Id,
                time.GetUtcNow(),
                $"a folder of its name was there before it began, left by a start that never began or made by something else; nothing in it counts, and it is kept as {paths.Display(kept)}",
                cancellationToken: cancellationToken);
        }

        await timing.StartIfClosedAsync(new TimingStart(title, run.Mode, run.Id, run.Priority.Name()), run.AttemptStartedAt!.Value, cancellationToken);
    }

    /// <summary>Starts the supervisor of a run whose start row is written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="basis">Its mode and agent, as they were when they were found to be seen: nothing is looked up again.</param>
    /// <param name="start">The start whose hash stands with its attempt.</param>
    /// <param name="onExit">Called once when its supervisor is seen to end.</param>
    /// <param name="cancellationToken">Gives up before the supervisor is started.</param>
    /// <exception cref="UserErrorException">The agent cannot be started; the message says why and where it was looked for.</exception>
    public async Task LaunchAsync(
        Run run, RunBasis basis, SupervisorStart start, Action onExit, CancellationToken cancellationToken = default)
    {
        var mode = basis.Mode ?? throw basis.Missing ?? new UserErrorException($"There is no mode '{run.Mode}'.");
        var agent = WithProgram(basis.Agent)
            ?? throw new UserErrorException($"Agent '{run.Agent}' is not configured any more. Agents here: {string.Join(", ", agents.Names)}.");
        var folder = RunFolder.Of(paths.Run(run.Id), run.Attempt);
        var brief = await briefs.WriteAsync(run, mode, cancellationToken);
        var program = AgentCommandLine.Program(agent);
        var workingFolder = await steps.WorkTreeAsync(run, cancellationToken) ?? paths.Root;

        // What a command says decides: it is the one of the tree that it examines. A CLI is a tool, and may lie in a folder that git ignores.
        var (path, looked) = ExecutableFinder.Find(program, agent.Kind == AgentKind.Command ? workingFolder : paths.Root);
        if (path is null)
        {
            throw new UserErrorException(
                $"The program '{program}' of agent '{agent.Name}' was not found. Looked at: {string.Join(", ", looked)}. Install it, or name its path under agents.{agent.Name}.command in mcp_startup.json.");
        }

        var call = new AgentCall(WithinBudget(agent, run), mode, brief, folder, Guid.CreateVersion7(time.GetUtcNow()), Server(run), run.TimeoutSeconds)
        {
            WorkingFolder = workingFolder,
        };
        var invocation = AgentCommandLine.Build(call);
        foreach (var (file, content) in invocation.Files)
        {
            // The token of the run is in one of them.
            DurableFile.ReplacePrivate(file, content);
        }

        var environment = new Dictionary<string, string>(invocation.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in agent.Environment)
        {
            environment[name] = value;
        }

        environment[RunEnvironment.RunId] = run.Id;
        if (run.LeaseToken is { } token)
        {
            environment[RunEnvironment.RunToken] = token;
        }

        environment[RunEnvironment.Mode] = run.Mode;
        environment[RunEnvironment.BriefFile] = folder.Brief;
        environment[RunEnvironment.Workspace] = paths.Root;
        if (invocation.Files.ContainsKey(folder.McpConfig))
        {
            environment[RunEnvironment.McpConfig] = folder.McpConfig;
        }

        folder.Write(new SupervisorOrder
        {
            RunId = run.Id,
            StartId = start.Id,
            Command = [path, .. invocation.Arguments],
            WorkingFolder = workingFolder,
            InputFile = invocation.BriefOnInput ? folder.Brief : null,
            Environment = environment,
            PassEnvironment = AgentEnvironment.Own(agent),
            Events = agent.Kind == AgentKind.Cli && AgentPresets.Find(agent.Preset) is { HasEvents: true } preset ? preset.Name : null,
            TimeoutSeconds = run.TimeoutSeconds,
            FirstOutputSeconds = limits.FirstOutputSeconds,
            SilenceSeconds = limits.SilenceSeconds,
            KillGraceSeconds = limits.KillGraceSeconds,
            OutputLimitBytes = limits.OutputBytes,
            CostLimitUsd = run.CostLimitUsd ?? limits.Budget.CostPerRunUsd,
            TokenLimit = run.TokenLimit ?? limits.Budget.TokensPerRun,
            Bell = paths.Bell,
        });

        // A database made anew meanwhile knows the run as interrupted, because there was no folder of it yet.
        if (await store.FindAsync(run.Id, cancellationToken) is not { State: RunState.Running } now || now.Executor != run.Executor || now.Attempt != run.Attempt)
        {
            throw new UserErrorException($"Run {run.Id} was ended or taken by another process while it was about to start.");
        }

        if (now.CancelReason is { } cancelled)
        {
            // Whoever cancelled it just before its folder was made could leave no order there.
            CancelOrder.Give(folder, cancelled);
        }

        supervisors.Launch(folder, start, onExit);
    }

    /// <summary>What an agent of the configuration executes, for people; the brief is no part of it.</summary>
    public string Describe(string agent)
    {
        var command = WithProgram(agents.Find(agent)) is { } definition ? string.Join(' ', [AgentCommandLine.Program(definition), .. definition.Command.Skip(1), .. definition.Arguments]) : agent;
        return TextCut.Head(redactor.Redact(command), LongestDescription).ToString();
    }

    // What is this program itself is known only here.
    private AgentDefinition? WithProgram(AgentDefinition? agent) =>
        agent is { SelfArguments: { } arguments } self
            ? self with { Command = [.. supervisors.SelfCommand, "--workspace", paths.Root, .. arguments] }
            : agent;

    // A CLI that has a limit of its own stops at it more gently than its supervisor can.
    private AgentDefinition WithinBudget(AgentDefinition agent, Run run) =>
        (run.CostLimitUsd ?? limits.Budget.CostPerRunUsd) is { } most && !(agent.MaxBudgetUsd <= most) ? agent with { MaxBudgetUsd = most } : agent;

    private McpServerCommand Server(Run run)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { [RunEnvironment.RunId] = run.Id };
        if (run.LeaseToken is { } token)
        {
            variables[RunEnvironment.RunToken] = token;
        }

        if (Environment.GetEnvironmentVariable(RuntimeFolder) is { Length: > 0 } runtime)
        {
            // Some CLIs hand nothing on, and without it this program does not find its runtime where that lies elsewhere.
            variables[RuntimeFolder] = runtime;
        }

        var self = supervisors.SelfCommand;
        return new McpServerCommand(self[0], [.. self.Skip(1), "--mode", "stdio", "--workspace", paths.Root], variables);
    }
}
