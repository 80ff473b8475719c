namespace LoopOrchestrator.Testing.Processes;

/// <summary>How to start the program.</summary>
/// <param name="WorkingFolder">Its current folder.</param>
/// <param name="Arguments">Its command line.</param>
public sealed record ServerStart(string WorkingFolder, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables to set. All <c>LOOP_*</c> of the test's own environment are taken away first.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// A shell's redirection of standard input (<c>&lt;/dev/null</c>, <c>&lt;&amp;-</c>), where the usual pipe is not wanted. Not on
    /// Windows.
    /// </summary>
    public string? InputRedirection { get; init; }

    /// <summary>
    /// The largest size in KiB that a file of the program may have: writes beyond it fail, as on a full disk, after what still fits was
    /// written. Not on Windows.
    /// </summary>
    public int? FileSizeLimit { get; init; }

    /// <summary>Permissions of files hold for the program also where the tests run as root. Linux only.</summary>
    public bool ObeysPermissions { get; init; }

    /// <summary>The shell command that ends by becoming the program; <see langword="null"/> where none is needed.</summary>
    internal string? Shell =>
        InputRedirection is null && FileSizeLimit is null && !IsToLoseRights
            ? null
            : $"{(FileSizeLimit is { } limit ? $"trap '' XFSZ; ulimit -f {limit * 2}; " : "")}exec "
                + $"{(IsToLoseRights ? "setpriv --bounding-set=-dac_override,-dac_read_search " : "")}\"$0\" \"$@\" {InputRedirection}";

    private bool IsToLoseRights => ObeysPermissions && System.Environment.IsPrivilegedProcess;
}
