using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Agents;

/// <summary>Runs, modes and orders without a workspace.</summary>
internal static class TestAgents
{
    public static readonly DateTimeOffset Moment = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static Run Run(string task = "do it", AgentKind kind = AgentKind.Cli) =>
        new()
        {
            Id = "run-20260302-000000-00000001",
            Mode = "code",
            Task = task,
            Agent = "a",
            AgentKind = kind,
            Priority = RunPriority.Normal,
            State = RunState.Running,
            TimeoutSeconds = 77,
            CreatedAt = Moment,
        };

    public static Mode Mode(params string[] groups) =>
        new()
        {
            Slug = "code",
            Name = "Code",
            RoleDefinition = "You write code.",
            Groups = [.. groups.Select(group => new ModeGroup(group))],
        };

    public static SupervisorOrder Order() =>
        new()
        {
            RunId = "run-20260302-000000-00000001",
            Command = ["tool", "an argument with spaces", ""],
            WorkingFolder = "/work folder",
            TimeoutSeconds = 100,
            Bell = "/bell",
        };

    public static SupervisorOutcome Outcome(SupervisorEnd end, int? exitCode = null, AgentResult? result = null) =>
        new()
        {
            End = end,
            Reason = "because",
            EndedAt = Moment,
            ExitCode = exitCode,
            Account = result is null ? null : new AgentAccount { Result = result, CostUsd = 0.5 },
        };
}
