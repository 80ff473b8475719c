namespace LoopOrchestrator.Core.Servers;

/// <summary>A live server process of a workspace.</summary>
/// <param name="Identity">The process, as <c>ProcessIdentity</c> writes it.</param>
/// <param name="Pid">Its id.</param>
/// <param name="Mode">How it is reached: <c>stdio</c> or <c>http</c>.</param>
/// <param name="Trusted">Whether it may start programs.</param>
/// <param name="StartedAt">Since when.</param>
public sealed record ServerEntry(string Identity, int Pid, string Mode, bool Trusted, DateTimeOffset StartedAt)
{
    /// <summary>What it holds back until a person has looked, a phrase a line; empty when nothing.</summary>
    public string Held { get; init; } = "";

    /// <summary>The folder that it works in; <see langword="null"/> for one of a version that did not say so.</summary>
    public string? Workspace { get; init; }
}
