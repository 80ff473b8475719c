namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>One execution of a step, gate, landing or sync command of a cycle, as the store holds it. A snapshot.</summary>
public sealed record CycleItem
{
    /// <summary>Its number in the cycle, from 1 in the order of their begin.</summary>
    public required int Number { get; init; }

    /// <summary>The pass through a stage that it belongs to; a further one by every advance, rework and retry.</summary>
    public required int Visit { get; init; }

    /// <summary>The stage's position in the workflow, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>What it is.</summary>
    public required CycleItemKind Kind { get; init; }

    /// <summary>Its position in its list, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>The name of the step or command.</summary>
    public required string Name { get; init; }

    /// <summary>The mode of a step.</summary>
    public string? Mode { get; init; }

    /// <summary>Why that mode and agent.</summary>
    public string? Why { get; init; }

    /// <summary>
    /// What the files must match that the step's mode may change, as it was when the step was prepared; <see langword="null"/> for any
    /// file.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>The run of a step, once it was asked for.</summary>
    public string? RunId { get; init; }

    /// <summary>Where it stands.</summary>
    public required CycleItemState State { get; init; }

    /// <summary>Why it stands there.</summary>
    public string? Reason { get; init; }

    /// <summary>Why no rework can mend that it failed; <see langword="null"/> where one may, and for what has not failed.</summary>
    public CycleFault? Fault { get; init; }

    /// <summary>When it was decided on.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// The name of the checkpoint of the workspace before it; <see langword="null"/> where none could be taken, and a mark says why.
    /// </summary>
    public string? Before { get; init; }

    /// <summary>The name of the checkpoint behind it.</summary>
    public string? After { get; init; }

    /// <summary>
    /// What changed in between, by the checkpoints and not by anybody's word; <see langword="null"/> where that is not known.
    /// </summary>
    public StepChanges? Changes { get; init; }

    /// <summary>
    /// What is odd about it: an implementation that changed nothing, a check that changed something, a checkpoint that could not be taken.
    /// </summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Why a checkpoint around it could not be taken; also one of its <see cref="Marks"/>.</summary>
    public string? NoCheckpoint { get; init; }

    /// <summary>The end of what a command printed.</summary>
    public string? Output { get; init; }

    /// <summary>The exit code of a command.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The work tree in which an isolated step and the gates behind it work; the workspace itself when not given.</summary>
    public string? WorkTree { get; init; }

    /// <summary>
    /// The name of the folder of a command's start below its cycle's folder, made for that start with a part that nobody can guess; none
    /// before it begins, and none where the version before began it.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The hash of the secret that the outcome in <see cref="Folder"/> must show; see <c>SupervisorStart</c>.</summary>
    public string? SecretHash { get; init; }

    /// <summary>Whether nothing more happens to it.</summary>
    public bool IsOver => State is not (CycleItemState.Preparing or CycleItemState.Running);
}
