using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Status;

/// <summary>What the status of a workspace is read from.</summary>
internal sealed record StatusSources
{
    public required WorkspacePaths Paths { get; init; }

    public required WorkspaceTrust Trust { get; init; }

    public required ApprovedEntries Approved { get; init; }

    public required ModeFile Modes { get; init; }

    public required ScheduleSource Schedules { get; init; }

    public required WorkflowDiagnostics Workflows { get; init; }

    /// <summary>Where the configuration names modes.</summary>
    public required IReadOnlyList<ModePlace> ModePlaces { get; init; }

    /// <summary>What people call the configuration file.</summary>
    public required string StartupFile { get; init; }

    /// <summary>The configured agents, by name.</summary>
    public required IReadOnlyList<AgentDefinition> Agents { get; init; }

    public required IStorage Storage { get; init; }

    public required RunAdmission Admission { get; init; }

    public required RunHold Hold { get; init; }

    public required ServerRegistry Servers { get; init; }

    /// <summary>From how many due moments on that are left out in a row that is told.</summary>
    public required int SkipsToTell { get; init; }

    /// <summary>Who is told of incidents.</summary>
    public required IReadOnlyList<NoticeTarget> NoticeTargets { get; init; }

    public required MemoryStore Memory { get; init; }

    public required RunLimits Limits { get; init; }

    public required TimeProvider Time { get; init; }
}
