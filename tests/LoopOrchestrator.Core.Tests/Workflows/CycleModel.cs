using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Definition;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// The rules of a cycle written down a second time, as one program that runs from the beginning to the end: what is started in which order,
/// and
/// how the cycle ends, when each start's outcome is known beforehand.
/// </summary>
internal sealed class CycleModel(WorkflowDefinition workflow, Func<string, int, bool> passes)
{
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private int _reworks;

    /// <summary>What was started; those that run side by side are one entry, sorted.</summary>
    public List<string> Started { get; } = [];

    public bool Escalates { get; private set; }

    public int Reworks => _reworks;

    public RunState Play()
    {
        var stage = 0;
        var retries = 0;
        while (stage < workflow.Stages.Count)
        {
            var current = workflow.Stages[stage];
            var (failed, isSync) = PlayStage(current);
            if (!failed)
            {
                (stage, retries) = (stage + 1, 0);
                continue;
            }

            switch (current.OnFailure.Action)
            {
                case FailureAction.Rework when _reworks < workflow.MaxReworks:
                    _reworks++;
                    (stage, retries) = (workflow.Stages.ToList().FindIndex(other => other.Name == current.OnFailure.ReworkTo), 0);
                    break;
                case FailureAction.Retry when retries < current.OnFailure.MaxRetries:
                    retries++;
                    break;
                case FailureAction.Continue when !isSync && Syncs(current):
                    (stage, retries) = (stage + 1, 0);
                    break;
                case var action:
                    Escalates = action is FailureAction.Rework or FailureAction.Escalate;
                    return RunState.Failed;
            }
        }

        return RunState.Succeeded;
    }

    private (bool Failed, bool IsSync) PlayStage(WorkflowStage stage)
    {
        if (stage.Parallel)
        {
            var results = stage.Steps.Select(step => (step.Name, Ok: Start(step.Name))).ToList();
            Started.Add(string.Join('+', results.Select(result => result.Name).Order(StringComparer.Ordinal)));
            if (results.Exists(result => !result.Ok))
            {
                return (true, false);
            }
        }
        else if (!InOrder(stage.Steps.Select(step => step.Name)))
        {
            return (true, false);
        }

        return !InOrder(stage.Gates.Select(gate => gate.Name)) ? (true, false)
            : !Syncs(stage) ? (true, true)
            : (false, false);
    }

    private bool Syncs(WorkflowStage stage) =>
        stage.Kind is not (StageKind.Implementation or StageKind.Validation or StageKind.Integration)
        || InOrder(workflow.Sync.Select(sync => sync.Name));

    private bool InOrder(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            Started.Add(name);
            if (!Start(name))
            {
                return false;
            }
        }

        return true;
    }

    private bool Start(string name) => passes(name, _starts[name] = _starts.GetValueOrDefault(name) + 1);
}
