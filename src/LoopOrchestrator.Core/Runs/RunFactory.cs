using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Turns requests into runs: checks mode, agent and limits, and holds the rules of sub-runs. Adds nothing to the store.</summary>
internal sealed class RunFactory(
    WorkspacePaths paths,
    ModeFile modes,
    AgentCatalog agents,
    RunSettings settings,
    IRunStore store,
    TimeProvider time,
    Random chance
)
{
    /// <summary>How deep runs may ask for runs.</summary>
    public const int DeepestRun = 5;

    private const string Orchestrator = "orchestrator";

    /// <summary>Makes a queued run, with the reason for its agent.</summary>
    /// <exception cref="UserErrorException">Something in the request is wrong; the message says what.</exception>
    public async Task<RunPlan.Accepted> CreateAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(request.Task))
        {
            throw new UserErrorException("The task is empty. Say what is to be done, in one paragraph or more.");
        }

        if (request.Task.Length > RunRequest.MaxTaskLength)
        {
            throw new UserErrorException(
                $"The task has {request.Task.Length} characters and may have {RunRequest.MaxTaskLength}. Put the long "
                    + "part into a file of the workspace and name the file in the task."
            );
        }

        if (request.TimeoutSeconds is < 1 or > RunLimits.MaxTimeoutSeconds)
        {
            throw new UserErrorException(
                $"timeout_seconds is {request.TimeoutSeconds} and must be from 1 to {RunLimits.MaxTimeoutSeconds}."
            );
        }

        if ((request.Workflow ?? WorkflowOf(request)) is { } workflow)
        {
            return CreateCycle(request with { Workflow = workflow });
        }

        var mode = modes.Get(request.Mode);
        var (agent, why) = agents.Resolve(mode.Slug, request.Agent);
        CommandOnlyModes.Check(mode.Slug, agent);
        var now = time.GetUtcNow();
        var (timeout, exemption) = TodoLimit.Of(request, settings.Limits.TimeoutSeconds);
        why += exemption;
        var parent = await ParentAsync(request, cancellationToken);
        if (parent?.DeadlineAt is { } deadline)
        {
            var most = (int)Math.Max(1, (deadline - now).TotalSeconds / 2);
            if (timeout > most)
            {
                timeout = most;
                why += $"; its time limit is {most} s, half of what its parent has left";
            }
        }

        var (cost, tokens) = await BudgetAsync(parent, cancellationToken);
        return new RunPlan.Accepted(
            new Run
            {
                Id = RunId.Create(now, chance),
                Mode = mode.Slug,
                Task = request.Task,
                Agent = agent.Name,
                AgentKind = agent.Kind,
                Priority = request.Priority,
                ScheduleId = request.ScheduleId,
                Title = request.Title,
                Origin =
                    parent is not null ? RunOrigin.Run
                    : request.ScheduleId is null ? RunOrigin.Request
                    : null,
                ParentRunId = parent?.Id,
                Depth = parent is null ? 0 : parent.Depth + 1,
                State = RunState.Queued,
                TimeoutSeconds = timeout,
                CostLimitUsd = cost,
                TokenLimit = tokens,
                CreatedAt = now,
            },
            $"agent {agent.Name} for mode {mode.Slug}: {why}"
        );
    }

    /// <summary>
    /// Makes the queued run of a step. It gets what the step says of its cycle's time, and no part of a budget is taken off: that is each
    /// run's.
    /// </summary>
    /// <param name="cycle">The cycle's run.</param>
    /// <param name="mode">The mode's slug.</param>
    /// <param name="task">What is to be done.</param>
    /// <param name="agent">The agent, where it is not the mode's own.</param>
    /// <param name="timeoutSeconds">Its time limit; the workspace's when not given, and never more than its cycle has left.</param>
    /// <exception cref="UserErrorException">There is no such mode or agent; the message says which there are.</exception>
    public RunPlan.Accepted CreateStep(Run cycle, string mode, string task, string? agent, int? timeoutSeconds)
    {
        var now = time.GetUtcNow();
        var slug = modes.Get(mode).Slug;
        var (chosen, why) = agents.Resolve(slug, agent);
        CommandOnlyModes.Check(slug, chosen);
        var left = cycle.DeadlineAt is { } deadline
            ? (int)Math.Clamp((deadline - now).TotalSeconds, 1, RunLimits.MaxTimeoutSeconds)
            : RunLimits.MaxTimeoutSeconds;
        return new RunPlan.Accepted(
            new Run
            {
                Id = RunId.Create(now, chance),
                Mode = slug,
                Task = TextCut.Head(task, RunRequest.MaxTaskLength).ToString(),
                Agent = chosen.Name,
                AgentKind = chosen.Kind,
                Priority = cycle.Priority,
                ParentRunId = cycle.Id,
                CycleId = cycle.Id,
                Origin = RunOrigin.Cycle,
                Depth = cycle.Depth + 1,
                State = RunState.Queued,
                TimeoutSeconds = Math.Min(timeoutSeconds ?? settings.Limits.TimeoutSeconds, left),
                CreatedAt = now,
            },
            $"agent {chosen.Name} for mode {slug}: {(agent is null ? why : "the workflow names it")}"
        );
    }

    // Mode orchestrator means the default workflow, unless somebody has said which agent is to orchestrate, or a run asks for a part of
    // itself.
    private string? WorkflowOf(RunRequest request) =>
        request is { Mode: Orchestrator, Agent: null, ParentRunId: null } && !agents.HasOwn(Orchestrator)
            ? WorkflowDefinition.DefaultName
            : null;

    private RunPlan.Accepted CreateCycle(RunRequest request)
    {
        var workflow = settings.Workflows.GetValueOrDefault(request.Workflow!)
            ?? throw new UserErrorException(
                $"There is no workflow '{request.Workflow}'. Workflows here: "
                    + $"{string.Join(", ", settings.Workflows.Keys.Order(StringComparer.Ordinal))}. Others are added under "
                    + "\"workflows\" in mcp_startup.json."
            );
        if (request.Agent is not null)
        {
            throw new UserErrorException(
                "A cycle has no agent of its own: each step of its workflow has one. Leave agent out, or name another mode."
            );
        }

        var now = time.GetUtcNow();
        var (timeout, exemption) = TodoLimit.Of(request, workflow.TimeoutSeconds);
        return new RunPlan.Accepted(
            new Run
            {
                Id = RunId.Create(now, chance),
                Mode = modes.Get(request.Mode).Slug,
                Task = request.Task,
                Workflow = workflow.Name,
                Priority = request.Priority,
                ScheduleId = request.ScheduleId,
                Title = request.Title,
                Origin = request.ScheduleId is null ? RunOrigin.Request : null,
                State = RunState.Queued,
                TimeoutSeconds = timeout,
                CreatedAt = now,
            },
            $"a cycle of workflow '{workflow.Name}'{exemption}"
        );
    }

    // Half of what the parent has left: what it has told of itself, and what it has asked for already, are taken off.
    private async Task<(double? CostUsd, long? Tokens)> BudgetAsync(Run? parent, CancellationToken cancellationToken)
    {
        var (mostCost, mostTokens) = (
            parent?.CostLimitUsd ?? settings.Limits.Budget.CostPerRunUsd,
            parent?.TokenLimit ?? settings.Limits.Budget.TokensPerRun
        );
        if (parent is null || (mostCost is null && mostTokens is null))
        {
            return (null, null);
        }

        var own = RunFolder.Of(paths.Run(parent.Id), parent.Attempt).ReadSpent();
        var (below, tokensBelow) = await store.SpentBelowAsync(parent.Id, cancellationToken);
        var (cost, tokens) = ((mostCost - (own?.CostUsd ?? 0) - below) / 2, (mostTokens - (own?.Tokens ?? 0) - tokensBelow) / 2);
        return cost <= 0 || tokens <= 0
            ? throw new UserErrorException(
                $"Run {parent.Id} has nothing left of its budget to hand on "
                    + $"(budget.{(cost <= 0 ? "costPerRunUsd" : "tokensPerRun")}). Do the work in this run instead."
            )
            : (cost, tokens);
    }

    private async Task<Run?> ParentAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.ParentRunId is not { } parentId)
        {
            return null;
        }

        var parent = await store.FindAsync(parentId, cancellationToken)
            ?? throw new UserErrorException(
                $"There is no run '{parentId}' to be the parent. Leave parent_run_id out, or give the id of the run that you work on."
            );
        if (parent.State != RunState.Running)
        {
            throw new UserErrorException($"Run {parentId} is {parent.State.Name()}, so it can have no further sub-runs.");
        }

        if (parent.Depth >= DeepestRun)
        {
            throw new UserErrorException(
                $"Run {parentId} is {parent.Depth} levels deep and {DeepestRun} is the most. Do the work in this run "
                    + "instead of handing it on."
            );
        }

        for (
            var ancestor = parent;
            ancestor is not null;
            ancestor = ancestor.ParentRunId is { } next ? await store.FindAsync(next, cancellationToken) : null
        )
        {
            if (ancestor.Mode == request.Mode && StepKey.Normalise(ancestor.Task) == StepKey.Normalise(request.Task))
            {
                throw new UserErrorException(
                    $"Run {ancestor.Id}, an ancestor, has the same mode and task: this would go round in a circle. Do the "
                        + "work, or ask for a smaller part of it."
                );
            }
        }

        return parent;
    }
}
