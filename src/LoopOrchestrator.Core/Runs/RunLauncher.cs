using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Starts the work of a run whose start row is written: the brief, the order to a supervisor, the supervisor.
/// </summary>
internal sealed class RunLauncher(
    WorkspacePaths paths,
    IRunStore store,
    RunAgents agents,
    RunBriefs briefs,
    IStepContextReader steps,
    RunLimits limits,
    TimeProvider time
)
{
    /// <summary>Starts the supervisor of a run whose start row is written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="basis">Its mode and agent, as they were when they were found to be seen: nothing is looked up again.</param>
    /// <param name="start">The start whose hash stands with its attempt.</param>
    /// <param name="cancellationToken">Gives up before the supervisor is started.</param>
    /// <exception cref="UserErrorException">The agent cannot be started; the message says why and where it was looked for.</exception>
    public async Task LaunchAsync(Run run, RunBasis basis, SupervisorStart start, CancellationToken cancellationToken = default)
    {
        var mode = basis.Mode ?? throw basis.Missing ?? new UserErrorException($"There is no mode '{run.Mode}'.");
        var agent = agents.WithProgram(basis.Agent)
            ?? throw new UserErrorException(
                $"Agent '{run.Agent}' is not configured any more. Agents here: {string.Join(", ", agents.Catalog.Names)}."
            );
        var folder = RunFolder.Of(paths.Run(run.Id), run.Attempt);
        var brief = await briefs.WriteAsync(run, mode, agent, cancellationToken);
        var program = AgentCommandLine.Program(agent);
        var workingFolder = await steps.WorkTreeAsync(run, cancellationToken) ?? paths.Root;

        // What a command says decides: it is the one of the tree that it examines. A CLI is a tool, and may lie in a folder that git
        // ignores.
        var search = ExecutableFinder.Find(program, agent.Kind == AgentKind.Command ? workingFolder : paths.Root);
        if (search.Path is not { } path)
        {
            throw new UserErrorException(
                $"The program '{program}' of agent '{agent.Name}' was not found. Looked at: {search.Places}. "
                    + $"Install it, or name its path under agents.{agent.Name}.command in mcp_startup.json."
            );
        }

        var call = new AgentCall(
            WithinBudget(agent, run),
            mode,
            brief,
            folder,
            Guid.CreateVersion7(time.GetUtcNow()),
            agents.ServerOf(run),
            run.TimeoutSeconds
        )
        {
            WorkingFolder = workingFolder,
        };
        var invocation = AgentCommandLine.Build(call);
        AgentFiles.Write(invocation);
        if (agent.Kind == AgentKind.Cli && AgentPresets.Find(agent.Preset)?.WhyNoWayBack is { } noWayBack)
        {
            await store.TryDecideOnceAsync(
                run.Id,
                time.GetUtcNow(),
                $"no report will come: {noWayBack}",
                cancellationToken: cancellationToken
            );
        }

        var environment = new Dictionary<string, string>(invocation.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in agent.Environment)
        {
            // A home that the configuration names is the user's, of which that of the run is made.
            if (invocation.Home is null || !invocation.Environment.ContainsKey(name))
            {
                environment[name] = value;
            }
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

        folder.Write(
            new SupervisorOrder
            {
                RunId = run.Id,
                StartId = start.Id,
                Command = [path, .. invocation.Arguments],
                WorkingFolder = workingFolder,
                InputFile = invocation.BriefOnInput ? folder.Brief : null,
                Environment = environment,
                PassEnvironment = AgentEnvironment.Own(agent),
                Events = agent.Kind == AgentKind.Cli && AgentPresets.Find(agent.Preset) is { HasEvents: true } preset ? preset.Name : null,
                AgentDigest = basis.AgentDigest,
                TimeoutSeconds = run.TimeoutSeconds,
                FirstAnswerSeconds =
                    agent.Kind == AgentKind.Cli && AgentPresets.Find(agent.Preset)?.FirstAnswerSeconds is { } answer
                        ? limits.FirstAnswerSeconds ?? answer
                        : null,
                FirstOutputSeconds = limits.FirstOutputSeconds,
                SilenceSeconds = limits.SilenceSeconds,
                KillGraceSeconds = limits.KillGraceSeconds,
                OutputLimitBytes = limits.OutputBytes,
                CostLimitUsd = run.CostLimitUsd ?? limits.Budget.CostPerRunUsd,
                TokenLimit = run.TokenLimit ?? limits.Budget.TokensPerRun,
                Bell = paths.Bell,
            }
        );

        // A database made anew meanwhile knows the run as interrupted, because there was no folder of it yet.
        if (
            await store.FindAsync(run.Id, cancellationToken) is not { State: RunState.Running } now
            || now.Executor != run.Executor
            || now.Attempt != run.Attempt
        )
        {
            throw new UserErrorException($"Run {run.Id} was ended or taken by another process while it was about to start.");
        }

        if (now.CancelReason is { } cancelled)
        {
            // Whoever cancelled it just before its folder was made could leave no order there.
            CancelOrder.Give(folder, cancelled);
        }

        agents.Launch(folder, start);
    }

    // A CLI that has a limit of its own stops at it more gently than its supervisor can.
    private AgentDefinition WithinBudget(AgentDefinition agent, Run run) =>
        (run.CostLimitUsd ?? limits.Budget.CostPerRunUsd) is { } most && !(agent.MaxBudgetUsd <= most)
            ? agent with
            {
                MaxBudgetUsd = most,
            }
            : agent;
}
