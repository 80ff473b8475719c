using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>The dry run, the check that needs modes and agents, and the modes of steps.</summary>
public sealed class PlanTests
{
    private static readonly OrchestratorConfiguration Configuration = new()
    {
        DefaultAgent = "claude",
        Agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal)
        {
            ["claude"] = new()
            {
                Name = "claude",
                Kind = AgentKind.Cli,
                Preset = "claude",
                Arguments = ["--x y"],
            },
            ["tests"] = new()
            {
                Name = "tests",
                Kind = AgentKind.Command,
                Command = ["dotnet", "test", "a b"],
            },
        },
        ModeAgents = new Dictionary<string, string>(StringComparer.Ordinal) { ["validation-unit"] = "tests" },
    };

    private static readonly WorkflowDefinition Sample = new("w")
    {
        Stages =
        [
            new("make", Stage.Implementation)
            {
                Steps =
                [
                    new("fix")
                    {
                        Task = "Fix: {task}",
                        TimeoutSeconds = 600,
                        Isolated = true,
                    },
                ],
                Gates = [new("build", ["make", "a b"]) { ExitCode = 2, TimeoutSeconds = 30 }],
                OnFailure = new(FailureAction.Rework, "make"),
            },
            new("validation", Stage.Validation)
            {
                Steps = [new("one") { Mode = "validation-static", Agent = "handoff" }, new("two") { Mode = "validation-unit" }],
                Parallel = true,
                OnFailure = new(FailureAction.Retry, MaxRetries: 3),
            },
            new("planning", Stage.Planning)
            {
                Steps = [new("next") { Mode = "planning-priorities" }],
                OnFailure = new(FailureAction.Continue),
            },
        ],
        Sync = [new("pull", ["git", "fetch"])],
        IfUnchanged = EvidenceAction.Fail,
    };

    [Fact]
    public void Text_OfATask_SaysWhatHappensInWhichOrder() =>
        WorkflowPlanText
            .Write(Plan(Sample, "the slow\nsearch"))
            .Should()
            .Be(
                """
                Workflow w, for: the slow
                A cycle has 6 h in all and goes back 2 times at most.
                An implementation step that changes nothing has failed; a step of validation or quality that changes something is marked.
                3 cycles of a schedule in a row without any effect escalate.

                1. make (implementation)
                   step fix
                      mode implementation-performance: it has 'slow' of the task, score 60; no other has any
                      agent claude: it is the default agent
                      runs claude "--x y" with the brief, as preset claude calls it
                      task: Fix: the slow
                      at most 10 min, in a git work tree of its own
                   gate build: make "a b" has to end with exit code 2 within 30 s
                   landing: what the isolated steps changed comes into the workspace
                   sync pull: git fetch has to end with exit code 0 within 10 min
                   on failure: back to stage make with what failed; after 2 reworks in all the cycle fails and escalates

                2. validation, its steps side by side
                   step one
                      mode validation-static: the workflow names it
                      agent handoff: the workflow names it
                      waits to be claimed: a connected client's own agent does the work
                      task: the slow
                      at most 1 h
                   step two
                      mode validation-unit: the workflow names it
                      agent tests: mcp_startup.json names it for mode validation-unit
                      runs dotnet test "a b"
                      task: the slow
                      at most 1 h
                   sync pull: git fetch has to end with exit code 0 within 10 min
                   on failure: the stage begins anew, 3 times at most; then the cycle fails

                3. planning
                   step next
                      mode planning-priorities: the workflow names it
                      agent claude: it is the default agent
                      runs claude "--x y" with the brief, as preset claude calls it
                      task: the slow
                      at most 1 h
                   on failure: it stays on record and the next stage begins (a failed sync command ends the cycle)

                """
            );

    [Fact]
    public void Text_WithoutATask_NamesWhatIsChosenFrom() =>
        WorkflowPlanText
            .Write(Plan(Sample, task: null))
            .Should()
            .StartWith("Workflow w\n")
            .And.Contain(
                "mode by the task, of implementation-core, implementation-security, implementation-performance, implementation-features"
            )
            .And.Contain("agent of the mode")
            .And.Contain("task: Fix: {task}");

    [Fact]
    public void Diagram_JoinsNodesOnly_AndLabelsItsBackEdges() =>
        WorkflowDiagram
            .Write(Plan(Sample, "the slow search"))
            .Should()
            .Be(
                """
                flowchart TD
                  begin(["workflow w"])
                  subgraph g1["stage make"]
                    s1["implementation"]
                    s1n1["step fix<br/>implementation-performance<br/>claude"]
                    s1n2[/"gate build<br/>make #34;a b#34;"/]
                    s1n3["landing of the isolated steps"]
                    s1n4[/"sync pull<br/>git fetch"/]
                    s1q{"all passed?"}
                  end
                  subgraph g2["stage validation"]
                    s2["validation"]
                    s2n1["step one<br/>validation-static<br/>handoff"]
                    s2n2["step two<br/>validation-unit<br/>tests"]
                    s2n3[/"sync pull<br/>git fetch"/]
                    s2q{"all passed?"}
                  end
                  subgraph g3["stage planning"]
                    s3["planning"]
                    s3n1["step next<br/>planning-priorities<br/>claude"]
                    s3q{"all passed?"}
                  end
                  succeeded(["cycle succeeded"])
                  failed(["cycle failed"])
                  escalated(["cycle failed, escalated"])
                  s1 --> s1n1
                  s1n1 --> s1n2
                  s1n2 --> s1n3
                  s1n3 --> s1n4
                  s1n4 --> s1q
                  s1q -->|"yes"| s2
                  s1q -->|"no: rework, at most 2 in all"| s1
                  s1q -->|"no, and no rework left"| escalated
                  s2 --> s2n1
                  s2 --> s2n2
                  s2n1 --> s2n3
                  s2n2 --> s2n3
                  s2n3 --> s2q
                  s2q -->|"yes"| s3
                  s2q -->|"no: again, at most 3 times"| s2
                  s2q -->|"no, and no retry left"| failed
                  s3 --> s3n1
                  s3n1 --> s3q
                  s3q -->|"passed or not"| succeeded
                  begin --> s1

                """
            );

    [Fact]
    public void Diagram_HostileNames_StayInTheirLabels()
    {
        const string Hostile = "a\"] --> b<br/>`*_#quot;%%\n;x";
        var plan = Plan(
            new(Hostile)
            {
                Stages =
                [
                    new(Hostile, Stage.Quality)
                    {
                        Steps = [new(Hostile) { Mode = "ask" }],
                        Gates = [new(Hostile, [Hostile])],
                        OnFailure = new(FailureAction.Stop),
                    },
                ],
            },
            Hostile
        );

        WorkflowDiagram
            .Write(plan)
            .Should()
            .NotContain("a\"]")
            .And.NotContain("b<br/>")
            .And.NotContain("`")
            .And.NotContain("%%")
            .And.Contain("workflow a#34;] --#62; b#60;br/#62;#96;#42;#95;#35;quot;#37;#37; ;x");
        WorkflowDiagram.Write(plan).Split('\n').Should().HaveCount(17);
    }

    [Theory]
    [InlineData(FailureAction.Escalate, "s1q -->|\"no\"| escalated")]
    [InlineData(FailureAction.Stop, "s1q -->|\"no\"| failed")]
    public void Diagram_OtherFailures_HaveTheirEnd(FailureAction action, string edge) =>
        WorkflowDiagram
            .Write(
                Plan(new("w") { Stages = [new("s", Stage.Quality) { Steps = [new("a") { Mode = "ask" }], OnFailure = new(action) }] }, "x")
            )
            .Should()
            .Contain(edge);

    [Fact]
    public void Plan_BuiltInWorkflow_HasNothingWrong()
    {
        var plan = Plan(BuiltInWorkflow.Default, "Add an export");

        plan.Diagnostics.Should().BeEmpty();
        plan.Stages.SelectMany(stage => stage.Steps)
            .Select(step => step.Choice!.Mode.Slug)
            .Should()
            .Equal(
                "implementation-features",
                "validation-static",
                "validation-unit",
                "quality-functional",
                "integration-commit",
                "planning-priorities"
            );
    }

    [Fact]
    public void Plan_WhatCannotBegin_SaysWhy()
    {
        var plan = Plan(
            new("w")
            {
                Stages =
                [
                    new("s", Stage.Planning)
                    {
                        Steps = [new("a") { Mode = "planning-priority" }, new("b") { Mode = "ask", Agent = "nobody" }],
                    },
                ],
            },
            "x"
        );

        plan.CanBegin.Should().BeFalse();
        plan.Stages[0].Steps[0].Problem.Should().Contain("planning-priorities");
        plan.Stages[0].Steps[1].Problem.Should().Contain("no agent 'nobody'");
        WorkflowPlanText
            .Write(plan)
            .Should()
            .Contain("cannot begin: there is no mode 'planning-priority'")
            .And.Contain("What is wrong with it:");
    }

    [Fact]
    public void Check_EverythingWrong_IsToldAtOnce()
    {
        var workflow = new WorkflowDefinition("w")
        {
            Stages =
            [
                new("a", Stage.Implementation)
                {
                    Parallel = true,
                    Steps = [new("one") { Mode = "code", Line = 7 }, new("two"), new("three") { Mode = "ask" }],
                },
                new("b", Stage.Integration)
                {
                    Steps =
                    [
                        new("four") { Mode = "integration-release" },
                        new("five") { Mode = "integration-deploy", Agent = "tests" },
                        new("six") { Mode = "nothing" },
                        new("seven") { Agent = "x" },
                    ],
                },
                new("c", Stage.Planning)
                {
                    Steps =
                    [
                        new("eight") { Mode = "planning-priorities", Isolated = true },
                        new("nine")
                        {
                            Mode = "integration-commit",
                            Agent = "commits",
                            Isolated = true,
                        },
                    ],
                },
            ],
        };

        var diagnostics = WorkflowCheck.Check(
            workflow,
            new ModeCatalog(),
            new AgentCatalog(Configuration.AgentSettings),
            "f.json",
            "there is no git"
        );

        diagnostics
            .Select(diagnostic => diagnostic.Message)
            .Should()
            .SatisfyRespectively(
                message => message.Should().StartWith("workflow w, stage a, step one: it runs beside others, and mode code may edit"),
                message =>
                    message
                        .Should()
                        .StartWith(
                            "workflow w, stage a, step two: it runs beside others and names no mode, and every mode of "
                                + "stage implementation may edit"
                        ),
                message =>
                    message
                        .Should()
                        .Contain("step four: mode integration-release runs configured commands only, and its agent 'claude' is none"),
                message => message.Should().Contain("step six: there is no mode 'nothing'"),
                message => message.Should().Contain("step seven: there is no agent 'x'; agents here: handoff, commits, claude, tests"),
                message => message.Should().Contain("step eight: it is isolated, which needs a git work tree, and there is no git"),
                message => message.Should().Contain("step nine: it is isolated, which needs"),
                message => message.Should().Contain("step nine: it is isolated, and agent 'commits' works in the workspace itself")
            );
        diagnostics
            .Select(diagnostic => diagnostic.Severity)
            .Should()
            .Equal(
                DiagnosticSeverity.Error,
                DiagnosticSeverity.Error,
                DiagnosticSeverity.Error,
                DiagnosticSeverity.Error,
                DiagnosticSeverity.Error,
                DiagnosticSeverity.Warning,
                DiagnosticSeverity.Warning,
                DiagnosticSeverity.Error
            );
        (diagnostics[0].File, diagnostics[0].Line).Should().Be(("f.json", 7));
        WorkflowCheck
            .Check(workflow, new ModeCatalog(), new AgentCatalog(Configuration.AgentSettings), "f.json", whyNoGit: null)
            .Should()
            .HaveCount(6);
    }

    [Fact]
    public void Candidates_ModesThatRunCommandsOnly_AreThereOnlyWithACommand()
    {
        var stage = new WorkflowStage("i", Stage.Integration);
        var agents = new AgentCatalog(Configuration.AgentSettings);

        StepModes.Candidates(stage, new("a"), new ModeCatalog(), agents).Select(mode => mode.Slug).Should().Equal("integration-commit");
        StepModes.Candidates(stage, new("a") { Agent = "tests" }, new ModeCatalog(), agents).Should().HaveCount(3);
        StepModes
            .Candidates(stage, new("a") { Agent = "commits" }, new ModeCatalog(), agents)
            .Select(mode => mode.Slug)
            .Should()
            .Equal("integration-commit");
        StepModes.Choose(stage, new("a"), "Deploy the release", new ModeCatalog(), agents).Mode.Slug.Should().Be("integration-commit");
        StepModes
            .Choose(stage, new("a") { Agent = "tests" }, "Deploy the version to an environment", new ModeCatalog(), agents)
            .Mode.Slug.Should()
            .Be("integration-deploy");
    }

    [Fact]
    public void Text_TheAgentThatCommits_IsThisProgram() =>
        WorkflowPlanText
            .Write(
                Plan(
                    new("w")
                    {
                        Stages = [new("s", Stage.Integration) { Steps = [new("a") { Mode = "integration-commit", Agent = "commits" }] }],
                    },
                    "x"
                )
            )
            .Should()
            .Contain("agent commits: the workflow names it")
            .And.Contain("runs this program: commit --apply");

    [Fact]
    public void Catalog_UnknownName_SaysWhichThereAre()
    {
        var catalog = new WorkflowCatalog(
            new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal)
            {
                ["a"] = new("a"),
                ["default"] = new("default"),
                ["nightly"] = new("nightly"),
            }
        );

        catalog.All.Select(workflow => workflow.Name).Should().Equal("default", "a", "nightly");
        catalog
            .Invoking(names => names.Get("Nightly"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*'nightly' is nearest*default, a, nightly*");
    }

    private static WorkflowPlan Plan(WorkflowDefinition workflow, string? task)
    {
        var (modes, agents) = (new ModeCatalog(), new AgentCatalog(Configuration.AgentSettings));
        return WorkflowPlan.Make(
            workflow,
            task,
            modes,
            agents,
            new RunLimits(),
            WorkflowCheck.Check(workflow, modes, agents, "mcp_startup.json", whyNoGit: null)
        );
    }
}
