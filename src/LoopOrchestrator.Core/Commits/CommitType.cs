namespace LoopOrchestrator.Core.Commits;

/// <summary>The types of conventional commits.</summary>
public enum CommitType
{
    /// <summary>Something new.</summary>
    Feat,

    /// <summary>A defect mended. No plan says that of itself: only a message that somebody gave.</summary>
    Fix,

    /// <summary>Tests alone.</summary>
    Test,

    /// <summary>Documentation.</summary>
    Docs,

    /// <summary>What the project is built with.</summary>
    Build,

    /// <summary>What checks it elsewhere.</summary>
    Ci,

    /// <summary>A change of which nothing can be told from its files.</summary>
    Chore,

    /// <summary>Files moved or removed.</summary>
    Refactor,

    /// <summary>White space.</summary>
    Style,
}
