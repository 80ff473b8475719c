namespace LoopOrchestrator.Core.Git;

/// <summary>
/// The arguments that every call of git begins with. What is set here goes before all configuration files, so nothing that a repository
/// configures in these places is executed.
/// </summary>
internal static class GitArguments
{
    // Whatever reaches for the network is off here, and off once more by GIT_ALLOW_PROTOCOL, which protocol.NAME.allow of a repository
    // cannot beat.
    private static readonly string[] Local = ["-c", "protocol.allow=never", "-c", "credential.helper=", "-c", "core.sshCommand=false"];

    private static readonly string[] Always =
    [
        // Programs that git would start by itself.
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.virtualFilesystem=",
        "-c",
        "core.alternateRefsCommand=:",
        "-c",
        "core.askPass=",
        "-c",
        "core.pager=cat",
        "-c",
        "core.editor=:",
        "-c",
        "sequence.editor=:",
        "-c",
        "commit.gpgSign=false",
        "-c",
        "tag.gpgSign=false",
        "-c",
        "push.gpgSign=false",
        "-c",
        "log.showSignature=false",
        "-c",
        "gc.auto=0",
        "-c",
        "maintenance.auto=false",
        // Repositories within, which are configured by somebody else again, and a bare one that somebody has checked in.
        "-c",
        "submodule.recurse=false",
        "-c",
        "push.recurseSubmodules=no",
        "-c",
        "status.submoduleSummary=false",
        "-c",
        "diff.ignoreSubmodules=dirty",
        "-c",
        "safe.bareRepository=explicit",
        "-c",
        "core.quotePath=false",
        "--no-pager",
        "--no-optional-locks",
    ];

    /// <summary>All arguments of a call.</summary>
    /// <param name="access">What it may reach.</param>
    /// <param name="arguments">The subcommand, and what follows it.</param>
    public static IReadOnlyList<string> Of(GitAccess access, IReadOnlyList<string> arguments)
    {
        var at = SubcommandAt(arguments);
        string[] fixedOnes = access == GitAccess.Local ? [.. Always, .. Local] : Always;
        return [.. fixedOnes, .. arguments.Take(at + 1), .. Own(arguments[at]), .. arguments.Skip(at + 1)];
    }

    /// <summary>The subcommand of a call.</summary>
    public static string Subcommand(IReadOnlyList<string> arguments) => arguments[SubcommandAt(arguments)];

    // What has no setting that turns it off. A call may say otherwise behind it, where that reads no work tree.
    private static string[] Own(string subcommand) =>
        subcommand switch
        {
            "diff" or "diff-files" => ["--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty"],
            "diff-index" or "diff-tree" => ["--no-ext-diff", "--no-textconv"],
            "log" => ["--no-ext-diff", "--no-textconv", "--no-show-signature"],
            "status" => ["--ignore-submodules=dirty"],
            "push" => ["--no-verify", "--no-signed", "--recurse-submodules=no"],
            _ => [],
        };

    private static int SubcommandAt(IReadOnlyList<string> arguments)
    {
        var at = 0;
        while (arguments[at] is "-c" or "-C")
        {
            at += 2;
        }

        return at;
    }
}
