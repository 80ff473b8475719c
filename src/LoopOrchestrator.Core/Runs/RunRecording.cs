using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Puts together what is written when a run ends: its state, its closing row, its entry in the memory, what is left to do.
/// </summary>
internal sealed class RunRecording
{
    /// <param name="environment">The workspace.</param>
    /// <param name="storage">What is recorded of it.</param>
    /// <param name="settings">What follows from an end.</param>
    /// <param name="timing">The time log.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="todo">The plan.</param>
    /// <param name="schedules">The schedules, whose names are told.</param>
    public RunRecording(
        WorkspaceEnvironment environment,
        IStorage storage,
        RunSettings settings,
        TimingLog timing,
        MemoryStore memory,
        TodoStore todo,
        ScheduleSource schedules
    )
    {
        Timing = timing;
        Memory = memory;
        Schedules = schedules;
        Finisher = new RunFinisher(
            environment.Paths,
            storage.Runs,
            settings.EndPolicy,
            timing,
            new RunMemory(memory, todo, schedules, storage.Runs),
            new EscalationMemory(storage.Escalations, storage.Runs, memory, environment.Logger<EscalationMemory>()),
            environment.Logger<RunFinisher>()
        );
    }

    /// <summary>Ends runs.</summary>
    public RunFinisher Finisher { get; }

    /// <summary>The time log, which has their starts as well.</summary>
    public TimingLog Timing { get; }

    /// <summary>The memory, of which briefs tell.</summary>
    public MemoryStore Memory { get; }

    /// <summary>The schedules, whose names are told.</summary>
    public ScheduleSource Schedules { get; }
}
