namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>How long what a client gives may be, and how much of a folder it is shown.</summary>
public static class WorkFileLimits
{
    /// <summary>The most characters of a path.</summary>
    public const int Path = 1000;

    /// <summary>The most characters of an expression to search for.</summary>
    public const int Pattern = 500;

    /// <summary>The most entries of one folder that are looked at. Of a folder with more, the answer says so.</summary>
    public const int Folder = 50_000;
}
