namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>How long what a client gives may be.</summary>
public static class WorkFileLimits
{
    /// <summary>The most characters of a path.</summary>
    public const int Path = 1000;

    /// <summary>The most characters of an expression to search for.</summary>
    public const int Pattern = 500;
}
