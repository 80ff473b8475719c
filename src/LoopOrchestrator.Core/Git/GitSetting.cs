namespace LoopOrchestrator.Core.Git;

/// <summary>One setting as git reads it.</summary>
/// <param name="Scope">Where it stands: <c>local</c> and <c>worktree</c> are the repository's own, with all that they include.</param>
/// <param name="Key">Its name: the first and the last part in small letters, what is between as written.</param>
/// <param name="Value">Its value; empty for a name alone.</param>
internal sealed record GitSetting(string Scope, string Key, string Value)
{
    /// <summary>Whether it is a name alone, which stands for <c>true</c>.</summary>
    public bool IsNameAlone { get; init; }

    /// <summary>Whether the repository says so, and not its user.</summary>
    public bool IsRepositorys => Scope is "local" or "worktree";

    /// <summary>The first part of the name.</summary>
    public string Section => Key[..Key.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>The last part of the name.</summary>
    public string Name => Key[(Key.LastIndexOf('.') + 1)..];

    /// <summary>What stands between them; <see langword="null"/> for a name of two parts.</summary>
    public string? Subsection => Key.Length > Section.Length + Name.Length + 2 ? Key[(Section.Length + 1)..^(Name.Length + 1)] : null;
}
