using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// A workspace with workflows, whose programs end at once as a test says, and that remembers in which order they were started.
/// </summary>
internal sealed class CycleWorkspace : IDisposable
{
    private readonly List<string> _started = [];

    public CycleWorkspace(
        WorkflowDefinition workflow,
        RunLimits? limits = null,
        bool trusted = true,
        string defaultAgent = TestWorkspace.Checks
    )
    {
        Test = new TestWorkspace(
            limits ?? new RunLimits { MaxAttempts = 1, RunsPerHour = 10_000 },
            trusted,
            defaultAgent,
            channels: null,
            workflow
        );
        Test.Supervisors.OnLaunch = OnLaunch;
    }

    public TestWorkspace Test { get; }

    /// <summary>What was started, in order: the mode of a step, or the command's name of a gate.</summary>
    public IReadOnlyList<string> Started => _started;

    /// <summary>
    /// The exit code of what is started; <see langword="null"/> leaves it as it is just before its supervisor comes up. 0 unless a test
    /// says otherwise.
    /// </summary>
    public Func<string, int?> Exit { get; set; } = static _ => 0;

    /// <summary>What it prints.</summary>
    public Func<string, string> Output { get; set; } = static _ => "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A stage whose steps have these modes.</summary>
    public static WorkflowStage StageOf(StageKind kind, FailurePolicy onFailure, params string[] modes) =>
        new(kind.ToString().ToLowerInvariant(), kind)
        {
            Steps = [.. modes.Select((mode, index) => new WorkflowStep($"{mode}-{index}") { Mode = mode })],
            OnFailure = onFailure,
        };

    /// <summary>Five stages of one step each; failures of validation and quality go back to the implementation.</summary>
    public static WorkflowDefinition Five(Func<WorkflowDefinition, WorkflowDefinition>? change = null)
    {
        var back = new FailurePolicy(FailureAction.Rework, "implementation");
        var stop = new FailurePolicy(FailureAction.Stop);
        var workflow = new WorkflowDefinition(WorkflowDefinition.DefaultName)
        {
            Stages =
            [
                StageOf(StageKind.Implementation, back, "implementation-core") with
                {
                    Gates = [new("build", ["true", "build"])],
                },
                StageOf(StageKind.Validation, back, "validation-static") with
                {
                    Gates = [new("check", ["true", "check"])],
                },
                StageOf(StageKind.Quality, back, "quality-functional"),
                StageOf(StageKind.Integration, stop, "integration-commit"),
                StageOf(StageKind.Planning, new FailurePolicy(FailureAction.Continue), "planning-priorities"),
            ],
            Sync = [new("pull", ["true", "pull"])],
        };
        return change?.Invoke(workflow) ?? workflow;
    }

    /// <summary>Asks for a cycle.</summary>
    public Task<Run> AskAsync(string task = "make it better") =>
        Test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", task) { Workflow = WorkflowDefinition.DefaultName }, Token);

    /// <summary>Looks until the cycle has ended, or nothing more happens to it.</summary>
    public async Task<Cycle> PlayAsync(string id)
    {
        for (var look = 0; look < 40; look++)
        {
            await Test.RunPassAsync();
            if (await Test.Workspace.Cycles.FindAsync(id, Token) is { } cycle && cycle.Run.State.HasEnded())
            {
                return cycle;
            }
        }

        return (await Test.Workspace.Cycles.FindAsync(id, Token))!;
    }

    /// <summary>Asks for a cycle and plays it.</summary>
    public async Task<Cycle> RunAsync(string task = "make it better") => await PlayAsync((await AskAsync(task)).Id);

    /// <summary>What was told of a cycle, in order.</summary>
    public async Task<IReadOnlyList<string>> StoryAsync(string id) =>
        [.. (await Test.Workspace.Runs.DecisionsAsync(id, Token)).Select(static decision => decision.Text)];

    public void Dispose() => Test.Dispose();

    private void OnLaunch(SupervisorOrder order)
    {
        var name = order.Environment.TryGetValue(RunEnvironment.Mode, out var mode) ? mode : order.Command[^1];
        int? exit;
        lock (_started)
        {
            // Steps side by side are started side by side.
            _started.Add(name);
            exit = Exit(name);
        }

        if (exit is { } code)
        {
            Test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = SupervisorEnd.Exited,
                    Reason = $"it ended with exit code {code}",
                    EndedAt = Test.Now,
                    ExitCode = code,
                    OutputTail = Output(name),
                }
            );
        }
    }
}
