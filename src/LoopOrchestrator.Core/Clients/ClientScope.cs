namespace LoopOrchestrator.Core.Clients;

/// <summary>Whose settings of a client an entry stands in.</summary>
public enum ClientScope
{
    /// <summary>The user's own, for all projects.</summary>
    User,

    /// <summary>Those of the workspace, in a file that a repository may hold.</summary>
    Project,
}
