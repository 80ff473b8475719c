namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>The register as <c>workspace list</c> prints it.</summary>
/// <param name="File">Where it is kept.</param>
/// <param name="Workspaces">In the order in which they were registered.</param>
internal sealed record WorkspacesAnswer(string File, IReadOnlyList<WorkspacesAnswer.NamedWorkspace> Workspaces)
{
    /// <summary>One workspace.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Folder">Its folder.</param>
    /// <param name="AddedAt">When it was registered.</param>
    /// <param name="State"><c>there</c>, <c>gone</c>, or <c>unreadable</c>: then <paramref name="Problem"/> says why.</param>
    /// <param name="Trusted">Whether the word that its commands may be executed is recorded.</param>
    /// <param name="ServedBy">The servers that are alive in it.</param>
    /// <param name="Problem">What is wrong; absent while nothing is.</param>
    internal sealed record NamedWorkspace(
        string Name,
        string Folder,
        DateTimeOffset AddedAt,
        string State,
        bool Trusted,
        IReadOnlyList<ServingProcess> ServedBy,
        string? Problem
    );

    /// <summary>A server process.</summary>
    /// <param name="Pid">Its id.</param>
    /// <param name="Mode">How it is reached: <c>stdio</c> or <c>http</c>.</param>
    /// <param name="Fires">Whether it is the one that fires the schedules.</param>
    /// <param name="StartedAt">Since when it serves.</param>
    internal sealed record ServingProcess(int Pid, string Mode, bool Fires, DateTimeOffset StartedAt);
}
