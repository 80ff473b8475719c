namespace LoopOrchestrator.Core.Git;

/// <summary>
/// The environment of a call of git. Of this process's own variables for git it gets only those that say who the user is and where the
/// user's configuration is, and <c>safe.directory</c> of the list in <c>GIT_CONFIG_COUNT</c>.
/// </summary>
internal static class GitEnvironment
{
    private const string SafeFolder = "safe.directory";
    private const int MaxSettings = 1000;

    // All others could name a program, or lead git to another repository.
    private static readonly string[] Kept =
    [
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_COMMITTER_DATE",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_ATTR_NOSYSTEM",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_EXEC_PATH",
    ];

    // How the user's git reaches another repository, and whom it trusts there.
    private static readonly string[] KeptForPush =
    [
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_PROXY_COMMAND",
        "GIT_ALLOW_PROTOCOL",
        "GIT_PROTOCOL_FROM_USER",
        "GIT_HTTP_USER_AGENT",
        "GIT_HTTP_LOW_SPEED_LIMIT",
        "GIT_HTTP_LOW_SPEED_TIME",
    ];

    /// <summary>Makes an inherited environment fit for a call.</summary>
    /// <param name="variables">The variables; changed.</param>
    /// <param name="program">The git program.</param>
    /// <param name="access">What the call may reach.</param>
    /// <param name="settings">Settings whose names may hold anything, such as those of a filter: an argument could not carry an equals sign
    /// in them.</param>
    /// <param name="own">Variables of the call itself; they win.</param>
    public static void Prepare(
        IDictionary<string, string?> variables,
        GitProgram program,
        GitAccess access,
        IEnumerable<KeyValuePair<string, string>> settings,
        IReadOnlyDictionary<string, string> own
    )
    {
        // Asked before they are taken away. It names no program: it says which folders of others git may work in.
        var safe = SafeFolders(variables);
        bool IsLeftOut(string name) => IsForeign(name, access) || (name == "GIT_EXEC_PATH" && program.IsInside(variables[name] ?? ""));
        foreach (var name in variables.Keys.Where(IsLeftOut).ToList())
        {
            variables.Remove(name);
        }

        variables["PATH"] = program.SearchPath;
        variables["LC_ALL"] = "C";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_NO_LAZY_FETCH"] = "1";
        variables["GIT_LITERAL_PATHSPECS"] = "1";
        variables["GIT_PAGER"] = "cat";
        variables["GIT_EDITOR"] = ":";
        variables["GIT_SEQUENCE_EDITOR"] = ":";
        if (access == GitAccess.Local)
        {
            // A list that names no transport there is: no setting of a repository is asked any more.
            variables["GIT_ALLOW_PROTOCOL"] = "none";
        }

        foreach (var (name, value) in own)
        {
            variables[name] = value;
        }

        var count = 0;
        foreach (var (key, value) in safe.Concat(settings))
        {
            variables[$"GIT_CONFIG_KEY_{count}"] = key;
            variables[$"GIT_CONFIG_VALUE_{count}"] = value;
            count++;
        }

        if (count > 0)
        {
            variables["GIT_CONFIG_COUNT"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    // The list that git itself reads: its length, and for each number a name and a value.
    private static List<KeyValuePair<string, string>> SafeFolders(IDictionary<string, string?> variables)
    {
        var found = new List<KeyValuePair<string, string>>();
        var isCounted = int.TryParse(
            variables.TryGetValue("GIT_CONFIG_COUNT", out var text) ? text : null,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var count
        );
        for (var number = 0; isCounted && number < Math.Min(count, MaxSettings); number++)
        {
            if (
                variables.TryGetValue($"GIT_CONFIG_KEY_{number}", out var key)
                && string.Equals(key, SafeFolder, StringComparison.OrdinalIgnoreCase)
                && variables.TryGetValue($"GIT_CONFIG_VALUE_{number}", out var value)
                && value is not null
            )
            {
                found.Add(new(SafeFolder, value));
            }
        }

        return found;
    }

    private static bool IsForeign(string name, GitAccess access) =>
        name switch
        {
            "SSH_ASKPASS" or "SSH_ASKPASS_REQUIRE" or "LOOP_TRUST_WORKSPACE" => true,
            _ when !name.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase) => false,
            _ when Kept.Contains(name, StringComparer.Ordinal) => false,
            _ when access == GitAccess.Local => true,
            _ => !KeptForPush.Contains(name, StringComparer.Ordinal) && !name.StartsWith("GIT_SSL_", StringComparison.Ordinal),
        };
}
