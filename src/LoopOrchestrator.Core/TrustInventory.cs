using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Telemetry.Export;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core;

/// <summary>
/// Lists every command of a workspace that could be executed, every address that would be called, what its modes may do and which agents
/// they have.
/// </summary>
public sealed class TrustInventory
{
    private readonly WorkspacePaths _paths;
    private readonly OrchestratorConfiguration _configuration;
    private readonly ScheduleSource _schedules;
    private readonly ModeFile _modes;
    private readonly Redactor _redactor;
    private readonly Lock _gate = new();
    private (IReadOnlyList<Schedule> Schedules, string File, ModeCatalog Modes, TrustedList List)? _latest;

    /// <summary>Lists what a configuration, schedules and modes name; nothing is read before it is asked for.</summary>
    public TrustInventory(WorkspacePaths paths, OrchestratorConfiguration configuration, ScheduleSource schedules, ModeFile modes)
        : this(
            paths,
            configuration,
            schedules,
            modes,
            configuration?.CreateRedactor() ?? throw new ArgumentNullException(nameof(configuration))
        )
    { }

    internal TrustInventory(
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        ScheduleSource schedules,
        ModeFile modes,
        Redactor redactor
    )
    {
        _paths = paths;
        _configuration = configuration;
        _schedules = schedules;
        _modes = modes;
        _redactor = redactor;
    }

    /// <summary>The list, with the schedules and modes as they are now.</summary>
    public TrustedList Current
    {
        get
        {
            var (schedules, file, modes) = (_schedules.Schedules, _paths.Display(_schedules.FilePath), _modes.Catalog);
            lock (_gate)
            {
                if (
                    _latest is not { } latest
                    || !ReferenceEquals(latest.Schedules, schedules)
                    || latest.File != file
                    || !ReferenceEquals(latest.Modes, modes)
                )
                {
                    _latest = latest = (
                        schedules,
                        file,
                        modes,
                        new TrustedList(Entries(schedules, file, modes).Select(entry => entry.ForPeople(_redactor)))
                    );
                }

                return latest.List;
            }
        }
    }

    /// <summary>What was seen of this list by a person, and is therefore not held back.</summary>
    /// <param name="trust">Whether the workspace is trusted at all.</param>
    /// <param name="time">The clock.</param>
    public ApprovedEntries OpenApproved(WorkspaceTrust trust, TimeProvider time) =>
        new(trust, _configuration.OtherFile, () => Current, _redactor, time);

    private IEnumerable<TrustedEntry> Entries(IReadOnlyList<Schedule> schedules, string scheduleFile, ModeCatalog modes)
    {
        var file = _configuration.FileName;
        var agents = _configuration.Agents.Values.OrderBy(static agent => agent.Name, StringComparer.Ordinal);
        var workflows = _configuration.Workflows.Values.OrderBy(static workflow => workflow.Name, StringComparer.Ordinal);
        var withDefault = modes.All.Where(mode => !_configuration.ModeAgents.ContainsKey(mode.Slug));
        return
        [
            .. agents.Select(agent => AgentTrust.Entry(agent, file)).OfType<TrustedEntry>(),
            TrustedEntry.OfAgentName(TrustedKind.DefaultAgent, $"{file}: defaultAgent", _configuration.DefaultAgent),
            .. _configuration
                .ModeAgents.Keys.Order(StringComparer.Ordinal)
                .Select(mode => ModeAgentTrust.Entry(mode, _configuration.AgentSettings)),
            .. workflows.SelectMany(workflow => WorkflowTrust.Entries(workflow, file)),
            .. CommitTrust.Entries(_configuration.Commit, file),
            .. EscalationTrust.Entries(_configuration.Escalation, file),
            .. AlarmTrust.Entries(_configuration.Alarm, file),
            .. TelemetryTrust.Entries(_configuration.Telemetry, file),
            .. schedules.Select(schedule => OnlyIfTrust.Entry(schedule, scheduleFile)).OfType<TrustedEntry>(),
            .. schedules.Select(schedule => OnlyIfTrust.Guards(schedule, scheduleFile, OnlyIfTrust.Files(_paths))).OfType<TrustedEntry>(),
            .. modes.All.Select(ModeTrust.Entry),
            .. withDefault.Select(mode => ModeAgentTrust.Entry(mode.Slug, _configuration.AgentSettings)),
        ];
    }
}
