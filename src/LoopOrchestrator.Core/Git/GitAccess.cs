namespace LoopOrchestrator.Core.Git;

/// <summary>What a call of git may reach.</summary>
internal enum GitAccess
{
    /// <summary>This repository's files and objects; no transport, no credentials.</summary>
    Local,

    /// <summary>Another repository, over the network: the push of a trusted workspace, and nothing else.</summary>
    Push,
}
