namespace LoopOrchestrator.Core.Git;

/// <summary>Why a folder's repository cannot be had.</summary>
internal enum GitAbsence
{
    /// <summary>It is there.</summary>
    None,

    /// <summary>There is no git on PATH.</summary>
    NoProgram,

    /// <summary>The folder lies in no work tree.</summary>
    NoWorkTree,

    /// <summary>Git refuses the folder because of its owner.</summary>
    Refused,

    /// <summary>There was one, and its <c>.git</c> was removed.</summary>
    Lost,

    /// <summary>The repository around the workspace ignores its folder.</summary>
    Ignored,
}
