using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>The workflow that is there without any configuration.</summary>
public static class BuiltInWorkflow
{
    /// <summary>Implementation, validation, quality, integration, planning. A failed check goes back to the implementation.</summary>
    public static WorkflowDefinition Default { get; } =
        new(WorkflowDefinition.DefaultName)
        {
            Stages =
            [
                new("implementation", Stage.Implementation)
                {
                    Steps = [new("implement")],
                    OnFailure = new(FailureAction.Rework, "implementation"),
                },
                new("validation", Stage.Validation)
                {
                    Steps =
                    [
                        new("static")
                        {
                            Mode = "validation-static",
                            Task = "Check by analysis, without changing anything, what was done for this task: {task}",
                        },
                        new("tests")
                        {
                            Mode = "validation-unit",
                            Task = "Check with the project's tests, without changing anything, what was done for this task: {task}",
                        },
                    ],
                    Parallel = true,
                    OnFailure = new(FailureAction.Rework, "implementation"),
                },
                new("quality", Stage.Quality)
                {
                    Steps =
                    [
                        new("functional")
                        {
                            Mode = "quality-functional",
                            Task = "Judge, without changing anything, whether what was done is good enough to be used: {task}",
                        },
                    ],
                    OnFailure = new(FailureAction.Rework, "implementation"),
                },
                new("integration", Stage.Integration)
                {
                    Steps =
                    [
                        new("commit")
                        {
                            Mode = "integration-commit",
                            Task = "Commit what was done for this task, in commits that each hold one change: {task}",
                        },
                    ],
                    OnFailure = new(FailureAction.Stop),
                },
                new("planning", Stage.Planning)
                {
                    Steps =
                    [
                        new("priorities")
                        {
                            Mode = "planning-priorities",
                            Task = "Say what should come next after this task, as follow-ups in the order of their worth: {task}",
                        },
                    ],
                    OnFailure = new(FailureAction.Continue),
                },
            ],
        };
}
