using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Turns requests into runs: checks mode, agent and limits, and holds the rules of sub-runs. Adds nothing to the store.</summary>
internal sealed class RunFactory(WorkspacePaths paths, ModeFile modes, AgentCatalog agents, RunStore store, RunLimits limits, TimeProvider time)
{
    /// <summary>How deep runs may ask for runs.</summary>
    public const int DeepestRun = 5;

    /// <summary>The longest time limit of a run, in seconds.</summary>
    public const int LongestTimeout = 86_400;

    /// <summary>Makes a queued run, with the reason for its agent.</summary>
    /// <exception cref="UserErrorException">Something in the request is wrong; the message says what.</exception>
    public async Task<(Run Run, string Why)> CreateAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(request.Task))
        {
            throw new UserErrorException("The task is empty. Say what is to be done, in one paragraph or more.");
        }

        if (request.Task.Length > RunRequest.LongestTask)
        {
            throw new UserErrorException($"The task has {request.Task.Length} characters and may have {RunRequest.LongestTask}. Put the long part into a file of the workspace and name the file in the task.");
        }

        if (request.TimeoutSeconds is < 1 or > LongestTimeout)
        {
            throw new UserErrorException($"timeout_seconds is {request.TimeoutSeconds} and must be from 1 to {LongestTimeout}.");
        }

        var mode = modes.Get(request.Mode);
        var (agent, why) = agents.Resolve(mode.Slug, request.Agent);
        var now = time.GetUtcNow();
        var timeout = request.TimeoutSeconds ?? limits.TimeoutSeconds;
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
        return (new Run
        {
            Id = RunId.Create(now),
            Mode = mode.Slug,
            Task = request.Task,
            Agent = agent.Name,
            AgentKind = agent.Kind,
            Priority = request.Priority,
            ScheduleId = request.ScheduleId,
            ParentRunId = parent?.Id,
            Depth = parent is null ? 0 : parent.Depth + 1,
            State = RunState.Queued,
            TimeoutSeconds = timeout,
            CostLimitUsd = cost,
            TokenLimit = tokens,
            CreatedAt = now,
        }, $"agent {agent.Name} for mode {mode.Slug}: {why}");
    }

    // Half of what the parent has left: what it has told of itself, and what it has asked for already, are taken off.
    private async Task<(double? CostUsd, long? Tokens)> BudgetAsync(Run? parent, CancellationToken cancellationToken)
    {
        var (mostCost, mostTokens) = (parent?.CostLimitUsd ?? limits.Budget.CostPerRunUsd, parent?.TokenLimit ?? limits.Budget.TokensPerRun);
        if (parent is null || (mostCost is null && mostTokens is null))
        {
            return (null, null);
        }

        var own = RunFolder.Of(paths.Run(parent.Id), parent.Attempt).ReadSpent();
        var (below, tokensBelow) = await store.SpentBelowAsync(parent.Id, cancellationToken);
        var (cost, tokens) = ((mostCost - (own?.CostUsd ?? 0) - below) / 2, (mostTokens - (own?.Tokens ?? 0) - tokensBelow) / 2);
        return cost <= 0 || tokens <= 0
            ? throw new UserErrorException($"Run {parent.Id} has nothing left of its budget to hand on (budget.{(cost <= 0 ? "costPerRunUsd" : "tokensPerRun")}). Do the work in this run instead.")
            : (cost, tokens);
    }

    private async Task<Run?> ParentAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.ParentRunId is not { } parentId)
        {
            return null;
        }

        var parent = await store.FindAsync(parentId, cancellationToken)
            ?? throw new UserErrorException($"There is no run '{parentId}' to be the parent. Leave parent_run_id out, or give the id of the run that you work on.");
        if (parent.State != RunState.Running)
        {
            throw new UserErrorException($"Run {parentId} is {parent.State.Name()}, so it can have no further sub-runs.");
        }

        if (parent.Depth >= DeepestRun)
        {
            throw new UserErrorException($"Run {parentId} is {parent.Depth} levels deep and {DeepestRun} is the most. Do the work in this run instead of handing it on.");
        }

        for (var ancestor = parent; ancestor is not null; ancestor = ancestor.ParentRunId is { } next ? await store.FindAsync(next, cancellationToken) : null)
        {
            if (ancestor.Mode == request.Mode && StepKey.Normalise(ancestor.Task) == StepKey.Normalise(request.Task))
            {
                throw new UserErrorException($"Run {ancestor.Id}, an ancestor, has the same mode and task: this would go round in a circle. Do the work, or ask for a smaller part of it.");
            }
        }

        return parent;
    }
}
