namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>What a token lets its holder do; each includes those before it. docs/http.md says which tool needs which.</summary>
internal enum AccessScope
{
    /// <summary>Look: nothing is changed and nothing started.</summary>
    Read,

    /// <summary>Have work done and do it: runs, hand-offs, plan, memory and time log.</summary>
    Run,

    /// <summary>Change what happens by itself, take back, and let go on what was stopped.</summary>
    Admin,
}
