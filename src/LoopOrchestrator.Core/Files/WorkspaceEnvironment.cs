using LoopOrchestrator.Core.Secrets;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// What surrounds every feature of one open workspace while it is put together: where its files are, what its texts are cleaned by, its
/// clock, its log, and the bell that wakes its loops. Classes of a feature are given what they use of it, never all of it.
/// </summary>
internal sealed class WorkspaceEnvironment(WorkspacePaths paths, Redactor redactor, TimeProvider time, ILoggerFactory logging)
{
    /// <summary>Where the files are.</summary>
    public WorkspacePaths Paths => paths;

    /// <summary>Takes the workspace's credentials out of texts.</summary>
    public Redactor Redactor => redactor;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Where the random part of ids comes from. Safe for many threads.</summary>
    public required Random Chance { get; init; }

    /// <summary>Wakes the loops.</summary>
    public LoopBell Bell { get; } = new(paths);

    /// <summary>Where a class tells what it did, under its own name.</summary>
    public ILogger<T> Logger<T>() => logging.CreateLogger<T>();
}
