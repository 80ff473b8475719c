using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Agents;

/// <summary>
/// Which variables of this program's environment an agent inherits: those listed here, those its preset needs, and those the configuration
/// names (<c>passEnvironment</c>). Everything else stays behind, and so does, out of the lists for everybody, what is named like a
/// credential.
/// </summary>
public static class AgentEnvironment
{
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

    /// <summary>The further names and prefixes of one agent: its preset's and the configured ones.</summary>
    public static IReadOnlyList<string> Own(AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return [.. agent.Kind == AgentKind.Cli ? AgentPresets.Find(agent.Preset)?.Variables ?? [] : [], .. agent.PassEnvironment];
    }

    /// <summary>Whether a variable is inherited by an agent with these names and prefixes of its own.</summary>
    public static bool IsPassed(string variable, IReadOnlyList<string> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return !RunEnvironment.Withheld.Contains(variable, StringComparer.Ordinal)
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
        return pattern.EndsWith('*')
            ? variable.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), comparison)
            : variable.Equals(pattern, comparison);
    }
}
