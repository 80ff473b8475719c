namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>The variables through which a run's processes know where they belong.</summary>
public static class RunEnvironment
{
    /// <summary>
    /// The run's id. Every descendant carries it, so what is left of a run can be found; and a server started with it serves that run's
    /// agent.
    /// </summary>
    public const string RunId = "LOOP_RUN_ID";

    /// <summary>
    /// What proves that a process belongs to the run's agent, who alone was given it: anybody can set an id. Not there for an agent of kind
    /// command, whose exit code decides.
    /// </summary>
    public const string RunToken = "LOOP_RUN_TOKEN";

    /// <summary>The run's mode.</summary>
    public const string Mode = "LOOP_MODE_SLUG";

    /// <summary>The file with the run's brief.</summary>
    public const string BriefFile = "LOOP_BRIEF_FILE";

    /// <summary>
    /// The file that tells an MCP client how to start this program on the workspace, for agent programs that no preset knows.
    /// </summary>
    public const string McpConfig = "LOOP_MCP_CONFIG";

    /// <summary>The workspace's folder.</summary>
    public const string Workspace = "LOOP_WORKSPACE";

    /// <summary>The user's word of trust. It is the user's to give, so an agent never inherits it.</summary>
    public const string Trust = "LOOP_TRUST_WORKSPACE";

    /// <summary>The variables of ours that configure a server, and that an agent therefore does not inherit.</summary>
    public static readonly IReadOnlyList<string> Withheld =
    [
        Trust,
        RunToken,
        "LOOP_TOKEN_FILE",
        "LOOP_MODE",
        "LOOP_HOST",
        "LOOP_PORT",
        "LOOP_CONFIG",
        "LOOP_TOOLSETS",
    ];
}
