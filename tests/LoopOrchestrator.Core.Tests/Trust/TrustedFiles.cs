using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Trust;

/// <summary>A workspace's files with one of everything that trust is about, to be changed by one thing at a time.</summary>
internal sealed record TrustedFiles
{
    public static readonly string[] Kinds =
    [
        "agent",
        "environment",
        "gate",
        "sync",
        "onlyIf",
        "commit gate",
        "push",
        "escalation",
        "webhook",
        "dead man",
        "notice",
        "telemetry",
        "groups",
        "mode agent",
        "step agent",
    ];

    public OrchestratorConfiguration Configuration { get; init; } =
        new()
        {
            DefaultAgent = TestWorkspace.Checks,
            Agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal)
            {
                [TestWorkspace.Checks] = new()
                {
                    Name = TestWorkspace.Checks,
                    Kind = AgentKind.Command,
                    Command = ["sh", "-c", "true"],
                    Environment = Map("LEVEL", "1"),
                },
                [TestWorkspace.Program] = new()
                {
                    Name = TestWorkspace.Program,
                    Kind = AgentKind.Cli,
                    Command = ["sh", "-c", "true"],
                },
            },
            ModeAgents = Map("ask", TestWorkspace.Program),
            Limits = new RunLimits { MaxAttempts = 1 },
            Workflows = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal)
            {
                ["default"] = new("default")
                {
                    Stages =
                    [
                        new("implementation", StageKind.Implementation)
                        {
                            Steps = [new("make") { Mode = "implementation-core", Agent = TestWorkspace.Checks }],
                            Gates = [new("build", ["make", "all"])],
                            OnFailure = new(FailureAction.Stop),
                        },
                    ],
                    Sync = [new("pull", ["git", "pull"])],
                },
            },
            Commit = new CommitSettings { Gate = [new("test", ["make", "test"])], Push = true },
            Escalation = new EscalationChannels { Command = ["tell", "me"], Webhook = new Uri("https://example.org/hook") },
            Alarm = new AlarmSettings
            {
                DeadManUrl = new Uri("https://example.org/ping/mine"),
                Notices = [new NoticeTarget(0) { On = ["skips"], Webhook = new Uri("https://example.org/notice/ping/mine") }],
            },
            Telemetry = new TelemetrySettings { OtlpEndpoint = new Uri("https://example.org/otlp") },
        };

    public string? OnlyIf { get; init; } = "[\"sh\",\"-c\",\"true\"]";

    public string Task { get; init; } = "do it";

    public int Minutes { get; init; } = 10;

    /// <summary>Whether the schedule fires.</summary>
    public bool IsActive { get; init; } = true;

    public string Role { get; init; } = "Writes documents.";

    /// <summary>The groups of a mode of the workspace; <see langword="null"/> where it has none of its own.</summary>
    public string? Groups { get; init; } = "[\"read\",[\"edit\",{\"fileRegex\":\"\\\\.md$\"}]]";

    /// <summary>The same without the thing of a kind.</summary>
    public TrustedFiles Without(string kind) =>
        kind switch
        {
            "agent" => WithAgents(static agents => agents.Remove(TestWorkspace.Program)),
            "environment" => WithAgent(static agent => agent with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) }),
            "gate" => WithStage(static stage => stage with { Gates = [] }),
            "sync" => WithWorkflow(static workflow => workflow with { Sync = [] }),
            "onlyIf" => this with { OnlyIf = null },
            "commit gate" => With(Configuration with { Commit = Configuration.Commit with { Gate = [] } }),
            "push" => With(Configuration with { Commit = Configuration.Commit with { Push = false } }),
            "escalation" => With(Configuration with { Escalation = Configuration.Escalation with { Command = [] } }),
            "webhook" => With(Configuration with { Escalation = Configuration.Escalation with { Webhook = null } }),
            "dead man" => With(Configuration with { Alarm = Configuration.Alarm with { DeadManUrl = null } }),
            "notice" => With(Configuration with { Alarm = Configuration.Alarm with { Notices = [] } }),
            "telemetry" => With(Configuration with { Telemetry = new TelemetrySettings() }),
            "groups" => this with { Groups = null },
            "mode agent" => With(Configuration with { ModeAgents = new Dictionary<string, string>(StringComparer.Ordinal) }),
            "step agent" => WithStage(static stage => stage with { Steps = [stage.Steps[0] with { Agent = null }] }),
            _ => throw new ArgumentException(kind),
        };

    /// <summary>The same with the thing of a kind being another one.</summary>
    public TrustedFiles Other(string kind) =>
        kind switch
        {
            "agent" => WithAgent(static agent => agent with { Arguments = ["--yolo"] }, TestWorkspace.Program),
            "environment" => WithAgent(static agent => agent with { Environment = Map("LEVEL", "2") }),
            "gate" => WithStage(static stage => stage with { Gates = [new("build", ["make", "none"])] }),
            "sync" => WithWorkflow(static workflow => workflow with { Sync = [new("pull", ["git", "pull", "elsewhere"])] }),
            "onlyIf" => this with { OnlyIf = "[\"sh\",\"-c\",\"false\"]" },
            "commit gate" => With(Configuration with { Commit = Configuration.Commit with { Gate = [new("test", ["true"])] } }),
            "escalation" => With(Configuration with { Escalation = Configuration.Escalation with { Command = ["tell", "others"] } }),
            "webhook" => With(
                Configuration with
                {
                    Escalation = Configuration.Escalation with { Webhook = new Uri("https://example.org/hook?to=others") },
                }
            ),
            "dead man" => With(
                Configuration with
                {
                    Alarm = Configuration.Alarm with { DeadManUrl = new Uri("https://example.org/ping/theirs") },
                }
            ),
            "notice" => With(
                Configuration with
                {
                    Alarm = Configuration.Alarm with { Notices = [Configuration.Alarm.Notices[0] with { SecretVariable = "THEIRS" }] },
                }
            ),
            "telemetry" => With(
                Configuration with
                {
                    Telemetry = new TelemetrySettings { OtlpEndpoint = new Uri("https://example.org/theirs") },
                }
            ),
            "groups" => this with { Groups = "[\"read\",\"edit\"]" },
            "mode agent" => With(Configuration with { ModeAgents = Map("ask", TestWorkspace.Checks) }),
            "step agent" => WithStage(static stage => stage with { Steps = [stage.Steps[0] with { Agent = TestWorkspace.Program }] }),
            _ => throw new ArgumentException(kind),
        };

    public TrustedFiles With(OrchestratorConfiguration configuration) => this with { Configuration = configuration };

    public TrustedFiles WithStage(Func<WorkflowStage, WorkflowStage> change) =>
        WithWorkflow(workflow => workflow with { Stages = [change(workflow.Stages[0])] });

    public TrustedFiles WithWorkflow(Func<WorkflowDefinition, WorkflowDefinition> change) =>
        With(Configuration with { Workflows = Map("default", change(Configuration.Workflows["default"])) });

    public TrustedFiles WithAgent(Func<AgentDefinition, AgentDefinition> change, string name = TestWorkspace.Checks) =>
        WithAgents(agents => agents[name] = change(agents[name]));

    public static Dictionary<string, T> Map<T>(string key, T value) => new(StringComparer.Ordinal) { [key] = value };

    /// <summary>Writes schedules and modes, and lets the process start again on all of it.</summary>
    public void Apply(TestWorkspace test)
    {
        Write(test);
        test.Configuration = Configuration;
        test.Restart();
    }

    /// <summary>Writes schedules and modes.</summary>
    public void Write(TestWorkspace test)
    {
        var more = $"\"timeZone\":\"UTC\",\"active\":{(IsActive ? "true" : "false")}{(OnlyIf is null ? "" : ",\"onlyIf\":" + OnlyIf)}";
        test.WriteSchedules(
            $$"""
            {"id":"s","name":"s","mode":"docs","taskInstructions":"{{Task}}","timeInterval":{{Minutes}},"timeUnit":"minute",{{more}}}
            """
        );
        var mode = $$"""{"slug":"docs","name":"Docs","roleDefinition":"{{Role}}","groups":{{Groups}}}""";
        File.WriteAllText(test.Paths.RooModes + ".new", $$"""{"customModes":[{{(Groups is null ? "" : mode)}}]}""");
        File.Move(test.Paths.RooModes + ".new", test.Paths.RooModes, overwrite: true);
    }

    private TrustedFiles WithAgents(Action<Dictionary<string, AgentDefinition>> change)
    {
        var agents = new Dictionary<string, AgentDefinition>(Configuration.Agents, StringComparer.Ordinal);
        change(agents);
        return With(Configuration with { Agents = agents });
    }
}
