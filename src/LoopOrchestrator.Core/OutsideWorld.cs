using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Workflows;

namespace LoopOrchestrator.Core;

/// <summary>
/// What a workspace does beyond its own records: starts programs, calls people, takes checkpoints. Tests have other ones.
/// </summary>
/// <param name="Supervisors">What starts agents and commands.</param>
/// <param name="Notices">What tells others of escalations; it ends with the workspace.</param>
/// <param name="Evidence">What tells what work has changed.</param>
internal sealed record OutsideWorld(ISupervisorLauncher Supervisors, INoticeSender Notices, IWorkEvidence Evidence)
{
    /// <summary>Where the random part of ids comes from.</summary>
    public Random Chance { get; init; } = Random.Shared;

    /// <summary>What calls the address of the alarm; it ends with the workspace.</summary>
    public IAddressCaller Caller { get; init; } = new AddressCaller(TimeProvider.System);

    /// <summary>What carries notices of incidents, where it is not the real thing; it ends with the workspace.</summary>
    public INoticeCarrier? Carrier { get; init; }

    /// <summary>What makes schedules of the content of their file.</summary>
    public ScheduleReader Schedules { get; init; } = ScheduleFile.Read;

    /// <summary>The real one.</summary>
    /// <param name="paths">Where the workspace is.</param>
    /// <param name="configuration">Who is told.</param>
    /// <param name="selfCommand">How this program is started again.</param>
    /// <param name="time">The clock.</param>
    public static OutsideWorld Of(
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        IReadOnlyList<string> selfCommand,
        TimeProvider time
    ) =>
        new(
            new SupervisorLauncher(selfCommand),
            new NoticeSender(paths, configuration.Escalation, time),
            new WorkEvidence(paths, new CheckpointStore(paths, time), new StepWorktrees(paths, time))
        )
        {
            Caller = new AddressCaller(time),
        };
}
