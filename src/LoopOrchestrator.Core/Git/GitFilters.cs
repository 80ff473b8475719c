namespace LoopOrchestrator.Core.Git;

/// <summary>
/// What becomes of filters (<c>filter.*.clean</c>, <c>smudge</c>, <c>process</c>), which turn a file's bytes into what git stores and back.
/// </summary>
internal enum GitFilters
{
    /// <summary>None runs, whoever configured it: bytes are taken and compared as they are in the file.</summary>
    Off,

    /// <summary>
    /// Those of the user's own configuration run; a call in a repository that names one itself fails before git is started.
    /// </summary>
    Users,
}
