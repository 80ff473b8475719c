using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Agents;

/// <summary>
/// Which variables of this program's environment an agent inherits: those listed here, those its preset needs, those of the cloud that it
/// is told to use, and those the configuration names (<c>passEnvironment</c>). Everything else stays behind, and so does, out of the lists
/// for everybody, what is named like a credential; and what tells a session of an agent program, from which this server may have been
/// started, apart from others.
/// </summary>
public static class AgentEnvironment
{
    private const string HomeVariable = "HOME";

    private static readonly string[] System =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "LC_*",
        "TERM",
        "COLORTERM",
        "NO_COLOR",
        "TZ",
        "TMPDIR",
        "TMP",
        "TEMP",
        "XDG_*",
        "CI",
        "LD_LIBRARY_PATH",
        "SSL_CERT_*",
        "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
        "GIT_SSL_*",
        "GIT_AUTHOR_*",
        "GIT_COMMITTER_*",
        "NIX_SSL_CERT_FILE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "SystemRoot",
        "SystemDrive",
        "windir",
        "ComSpec",
        "PATHEXT",
        "OS",
        "USERNAME",
        "USERDOMAIN",
        "USERPROFILE",
        "APPDATA",
        "LOCALAPPDATA",
        "HOMEDRIVE",
        "HOMEPATH",
        "ProgramData",
        "ProgramFiles*",
        "CommonProgramFiles*",
        "NUMBER_OF_PROCESSORS",
        "PROCESSOR_*",
    ];

    // Agents build and test, so they get these as commands do.
    private static readonly string[] Tools =
    [
        "DOTNET_*",
        "NUGET_*",
        "MSBUILD*",
        "JAVA_HOME",
        "JDK_*",
        "MAVEN_*",
        "M2_HOME",
        "GRADLE_*",
        "ANDROID_*",
        "CARGO_*",
        "RUST*",
        "GOPATH",
        "GOROOT",
        "GOBIN",
        "GOCACHE",
        "GOMODCACHE",
        "GOPROXY",
        "GOFLAGS",
        "GOPRIVATE",
        "GOTOOLCHAIN",
        "CGO_*",
        "NVM_*",
        "NODE_*",
        "npm_config_*",
        "NPM_CONFIG_*",
        "PNPM_HOME",
        "YARN_*",
        "BUN_*",
        "DENO_*",
        "VOLTA_*",
        "FNM_*",
        "COREPACK_*",
        "PYTHON*",
        "VIRTUAL_ENV",
        "CONDA_*",
        "PIP_*",
        "UV_*",
        "POETRY_*",
        "PYENV_*",
        "RBENV_*",
        "GEM_*",
        "BUNDLE_*",
        "COMPOSER_*",
        "CC",
        "CXX",
        "CFLAGS",
        "CXXFLAGS",
        "LDFLAGS",
        "CMAKE_*",
        "MAKEFLAGS",
        "PKG_CONFIG_PATH",
        "CCACHE_*",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "PLAYWRIGHT_*",
    ];

    /// <summary>The names and prefixes (ending in <c>*</c>) that every agent and command gets.</summary>
    public static IReadOnlyList<string> Everybody { get; } = [.. System, .. Tools];

    private static readonly IReadOnlyList<string> Session = [.. AgentPresets.All.SelectMany(static preset => preset.SessionVariables)];

    /// <summary>
    /// The further names and prefixes of one agent: its preset's, those of the cloud that it is told to use, and the configured ones.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="read">The variables that say which cloud; this process's when not given.</param>
    public static IReadOnlyList<string> Own(AgentDefinition agent, Func<string, string?>? read = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return
        [
            .. PresetOf(agent)?.Variables ?? [],
            .. CloudsOf(agent, read).SelectMany(static cloud => cloud.Access.Variables),
            .. agent.PassEnvironment,
        ];
    }

    /// <summary>What an agent needs of this environment and would not find, each in a sentence.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="read">The value of a variable; of this process when not given.</param>
    public static IReadOnlyList<string> Missing(AgentDefinition agent, Func<string, string?>? read = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        string? ValueOf(string name) => agent.ValueOf(name, read);
        var missing = new List<string>();
        if (PresetOf(agent) is { } preset)
        {
            if (preset.WhyNoWayBack is { } why)
            {
                missing.Add($"{why}; its runs are marked 'no report'");
            }

            var home = ValueOf(HomeVariable);
            if (!OperatingSystem.IsWindows() && !Directory.Exists(home))
            {
                missing.Add(
                    $"{HomeVariable} is {(string.IsNullOrEmpty(home) ? "not set" : $"'{home}', which is no folder")}, and "
                        + $"{preset.Name} keeps its sign-in and its settings there: set {HomeVariable} for the server, or under "
                        + $"agents.{agent.Name}.environment"
                );
            }
        }

        foreach (var (cloud, why) in CloudsOf(agent, read))
        {
            missing.AddRange(
                cloud
                    .Needs.Where(names => names.All(name => string.IsNullOrEmpty(ValueOf(name))))
                    .Select(names => $"{why}, and {Either(names)} is set where the server was started")
            );
        }

        return missing;
    }

    /// <summary>Whether a variable is inherited by an agent with these names and prefixes of its own.</summary>
    public static bool IsPassed(string variable, IReadOnlyList<string> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return !RunEnvironment.Withheld.Contains(variable, StringComparer.Ordinal)
            && (!Session.Any(pattern => Fits(variable, pattern)) || own.Contains(variable, StringComparer.Ordinal))
            && (
                own.Any(pattern => Fits(variable, pattern))
                || (!CredentialNames.IsCredential(variable) && Everybody.Any(pattern => Fits(variable, pattern)))
            );
    }

    /// <summary>Whether a text can be a variable's name on every system.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.AsSpan().IndexOfAny('=', '\0') < 0;
    }

    private static bool Fits(string variable, string pattern)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return pattern.IndexOf('*', StringComparison.Ordinal) is var any && any < 0
            ? variable.Equals(pattern, comparison)
            : variable.Length >= pattern.Length - 1
                && variable.AsSpan().StartsWith(pattern.AsSpan(0, any), comparison)
                && variable.AsSpan().EndsWith(pattern.AsSpan(any + 1), comparison);
    }

    private static IAgentPreset? PresetOf(AgentDefinition agent) => agent.Kind == AgentKind.Cli ? AgentPresets.Find(agent.Preset) : null;

    private static IEnumerable<(CloudAccess Access, string Why)> CloudsOf(AgentDefinition agent, Func<string, string?>? read)
    {
        foreach (var access in PresetOf(agent)?.CloudAccesses ?? [])
        {
            if (access.WhyUsed(agent.Model, name => agent.ValueOf(name, read)) is { } why)
            {
                yield return (access, why);
            }
        }
    }

    private static string Either(IReadOnlyList<string> names) =>
        names.Count == 1 ? $"no {names[0]}" : $"neither {string.Join(", ", names.Take(names.Count - 1))} nor {names[^1]}";
}
