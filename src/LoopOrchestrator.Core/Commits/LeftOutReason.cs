namespace LoopOrchestrator.Core.Commits;

/// <summary>Why a changed file is in no commit.</summary>
public enum LeftOutReason
{
    /// <summary>The ignore rules name it, although somebody has staged it.</summary>
    Ignored,

    /// <summary>It lies in a <c>.loop</c> folder.</summary>
    State,

    /// <summary>It holds, or by its name is, what looks like a credential.</summary>
    Credential,

    /// <summary>It is a repository of its own.</summary>
    Submodule,

    /// <summary>It has an unfinished merge.</summary>
    Conflict,

    /// <summary>It is larger than <c>commit.maxFileBytes</c>.</summary>
    TooLarge,

    /// <summary>The loop keeps it by itself, and <c>commit.includeLiveFiles</c> is off.</summary>
    LiveFile,

    /// <summary>It is none of those that were asked for: somebody else is at it.</summary>
    NotAsked,

    /// <summary>Its name or content cannot be read.</summary>
    Unreadable,

    /// <summary>The index and the work tree say different things of it, and only a person knows which is meant.</summary>
    Unclear,
}
