namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>
/// How the program ends. Scripts and service managers rely on these: never renumber. docs/contracts.md has the same, and a test compares
/// the two.
/// </summary>
internal static class ExitCode
{
    /// <summary>Done; for a server: ended in order.</summary>
    public const int Ok = 0;

    /// <summary>The server cannot start here, or <c>--info</c> found a reason why it would not.</summary>
    public const int NotStartable = 1;

    /// <summary>
    /// A command could not do what was asked, or found an error that it was asked to look for; the message says what to do.
    /// </summary>
    public const int Failed = 1;

    /// <summary>
    /// The command line is not understood; or the command needs a yes that was neither said nor can be asked for, since nobody is at a
    /// terminal.
    /// </summary>
    public const int Usage = 2;

    /// <summary>An option, a variable or the configuration file holds a value that cannot be used.</summary>
    public const int InvalidConfiguration = 3;

    /// <summary>Another program listens on the port.</summary>
    public const int PortInUse = 4;

    /// <summary><c>status</c>, <c>doctor</c>, <c>--info</c>: something needs a person.</summary>
    public const int NeedsAttention = 5;

    /// <summary><c>run --wait</c>, <c>cycles start --wait</c>: the run did not succeed, or not yet.</summary>
    public const int RunNotSucceeded = 6;
}
