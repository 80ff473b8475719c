namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>A piece of work of a stage: one run.</summary>
/// <param name="Name">For people; unique in its stage.</param>
public sealed record WorkflowStep(string Name)
{
    /// <summary>
    /// The mode's slug; <see langword="null"/> where it is chosen by the task among the modes of the stage (<c>ModeChoice</c>).
    /// </summary>
    public string? Mode { get; init; }

    /// <summary>The task, with the placeholders of <see cref="TaskTemplate"/>; <c>{task}</c>, what the cycle is for, by default.</summary>
    public string Task { get; init; } = "{task}";

    /// <summary>The agent, where it is not the mode's own.</summary>
    public string? Agent { get; init; }

    /// <summary>
    /// Its time limit in seconds, 1 to 86,400; the workspace's default when not given, and never more than the cycle has left.
    /// </summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>
    /// Whether it works in a git work tree of its own, whose changes come into the workspace only when the stage's gates pass there.
    /// </summary>
    public bool Isolated { get; init; }

    /// <summary>
    /// The line of the configuration file that it begins in, counted from 1; <see langword="null"/> for a step that is built in.
    /// </summary>
    public int? Line { get; init; }
}
