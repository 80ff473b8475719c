using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Status;

/// <summary>What can be said of a workspace at one moment.</summary>
public sealed record WorkspaceStatus
{
    /// <summary>The moment that it is about.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The process that fires schedules; <see langword="null"/> when none does.</summary>
    public required string? SchedulerProcess { get; init; }

    /// <summary>Since when it does.</summary>
    public required DateTimeOffset? SchedulerSince { get; init; }

    /// <summary>The live server processes.</summary>
    public required IReadOnlyList<ServerEntry> Servers { get; init; }

    /// <summary>
    /// Live server processes that are recorded here and work in another folder: this one is a copy of theirs, or was moved under them.
    /// </summary>
    public IReadOnlyList<ServerEntry> Elsewhere { get; init; } = [];

    /// <summary>What gave the word of trust; <see langword="null"/> when nothing did.</summary>
    public required string? TrustGivenBy { get; init; }

    /// <summary>What is odd about the record of trust; <see langword="null"/> when nothing is.</summary>
    public string? TrustNote { get; init; }

    /// <summary>What is held back until a person has looked at it, here or in a live server, each in a phrase.</summary>
    public IReadOnlyList<string> HeldBack { get; init; } = [];

    /// <summary>How many runs are in each state.</summary>
    public required IReadOnlyDictionary<RunState, long> RunCounts { get; init; }

    /// <summary>How many of those that succeeded have no report of their agent.</summary>
    public long WithoutReport { get; init; }

    /// <summary>The latest run of each agent whose key was refused and that has not succeeded since.</summary>
    public IReadOnlyList<Run> SignedOut { get; init; } = [];

    /// <summary>The agents whose runs are held back, because the service of their model refused them or could not be reached.</summary>
    public IReadOnlyList<AgentHold> HeldAgents { get; init; } = [];

    /// <summary>
    /// The runs of the last 24 hours that failed, ran out of time or were interrupted, the latest first; those that other runs asked for
    /// are not among them.
    /// </summary>
    public IReadOnlyList<Run> FailedLately { get; init; } = [];

    /// <summary>Those of them whose work has not succeeded since.</summary>
    public IReadOnlyList<Run> StillFailed { get; init; } = [];

    /// <summary>The runs that are going on.</summary>
    public required IReadOnlyList<Run> Running { get; init; }

    /// <summary>The runs that wait to be started or claimed, in the order in which they will be.</summary>
    public required IReadOnlyList<Run> Queued { get; init; }

    /// <summary>The ended runs whose closing row or memory entry is still to be written.</summary>
    public required IReadOnlyList<string> FinalizationPending { get; init; }

    /// <summary>The open escalations, newest first.</summary>
    public required IReadOnlyList<Escalation> Escalations { get; init; }

    /// <summary>What became of telling others of them.</summary>
    public required IReadOnlyList<Notice> Notices { get; init; }

    /// <summary>The incidents that go on, oldest first; they are entered where somebody is to be told of them.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>What could not be told yet, or was given up lately.</summary>
    public IReadOnlyList<UndeliveredNotice> Undelivered { get; init; } = [];

    /// <summary>From how many due moments on that are left out in a row that is told.</summary>
    internal int SkipsToTell { get; init; } = int.MaxValue;

    /// <summary>How many of <see cref="NeedInput"/> are read at once.</summary>
    internal const int MaxNeedInput = 200;

    /// <summary>The runs that wait for answers, newest first; 200 at the most.</summary>
    public required IReadOnlyList<Run> NeedInput { get; init; }

    /// <summary>How many wait for answers, by schedules and modes: all of them, other than <see cref="NeedInput"/>.</summary>
    internal IReadOnlyList<OpenQuestions> Questions { get; init; } = [];

    /// <summary>The limit because of which no further run is accepted now; <see langword="null"/> when none is reached.</summary>
    public required string? LimitReached { get; init; }

    /// <summary>The cycles that begin nothing further for now, each with its reason.</summary>
    public required IReadOnlyList<Cycle> Held { get; init; }

    /// <summary>Whether the schedules fire.</summary>
    public required ProofOfLife Life { get; init; }

    /// <summary>Why each of <see cref="Queued"/> waits, by its id.</summary>
    public required IReadOnlyDictionary<string, WhyNot> Waits { get; init; }

    /// <summary>The schedules.</summary>
    public required IReadOnlyList<ScheduleStatus> Schedules { get; init; }

    /// <summary>Lines of the memory, and its limit.</summary>
    public required MemoryFill Memory { get; init; }

    /// <summary>What is wrong in the workspace's files.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>What a person should look at or do, in sentences; empty when all is well.</summary>
    public IReadOnlyList<string> Attention => [.. Sentences.Select(ToolNames.Plain)];

    /// <summary>The same, with the names of tools marked; see <see cref="ToolNames"/>.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}
