namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>What needs the system's help, and how far each system gives it. docs/platforms.md says the same.</summary>
/// <param name="Promise">What is promised.</param>
/// <param name="MacOs">What holds on macOS in its place; <see langword="null"/> where it holds.</param>
/// <param name="Windows">The same for Windows.</param>
internal sealed record PlatformPromise(string Promise, string? MacOs, string? Windows)
{
    /// <summary>All of them; on Linux each holds.</summary>
    public static IReadOnlyList<PlatformPromise> All { get; } =
    [
        new(
            "Everything that a run started is ended with it, also what left its session or lost its parent",
            "only what still has its parents: there is no subreaper, and nothing more is found once the agent itself has ended",
            "by a job object; where the system allows none, only what still has its parents"
        ),
        new(
            "What is left of a run whose supervisor was killed is found and ended",
            "it goes on, and a run that follows may work beside it",
            "the job object ends it with the supervisor; where the system allows none, it goes on"
        ),
        new(
            "A supervisor that is halted is set going again, and one that is held up past its limit is ended",
            "its run goes on without limits until it works again",
            "its run goes on without limits until it works again"
        ),
        new(
            "A path of the workspace is opened without following a link, in one step",
            "looked at before and after it is opened",
            "looked at before and after it is opened"
        ),
        new(
            "A device, pipe or socket in the place of a file is refused before it is opened",
            "not told apart: opening a pipe may wait",
            "not told apart"
        ),
        new("A lock of git that an ended run has left is removed", "it stays, and is told of", "it stays, and is told of"),
        new("Folders and files of a user's trust and tokens are closed to other users", null, "as the rights of the user's folder have it"),
        new("With `--mode auto`, `/dev/null` at standard input is no client", "it is taken for one", "`NUL` is taken for one"),
        new(
            "The version of the zone data that schedules are due by is known",
            null,
            "it is the system's own, and its version is not known"
        ),
    ];

    /// <summary>What does not hold on a system, each as a sentence without its full stop.</summary>
    /// <param name="system"><c>linux</c>, <c>macos</c> or <c>windows</c>.</param>
    public static IReadOnlyList<string> MissingOn(string system) =>
        [
            .. All.Select(one => (one.Promise, Instead: one.On(system)))
                .Where(static one => one.Instead is not null)
                .Select(static one => $"{one.Promise}: {one.Instead}"),
        ];

    private string? On(string system) =>
        system switch
        {
            "macos" => MacOs,
            "windows" => Windows,
            _ => null,
        };
}
