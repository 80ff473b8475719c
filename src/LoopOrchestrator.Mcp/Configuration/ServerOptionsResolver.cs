using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Register;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Brings the sources together: the command line over the environment over the configuration file over defaults.
/// Reads, and changes nothing. Finds every error, not only the first.
/// </summary>
/// <param name="environment">Looks up an environment variable.</param>
/// <param name="currentFolder">What relative paths of options and variables are relative to.</param>
/// <param name="home">The user's home folder; empty where there is none.</param>
/// <param name="userTokens">The user's own list of tokens, which may be absent; <see langword="null"/> for none.</param>
/// <param name="register">The names of workspaces; <see langword="null"/> for none. Looked at only for what can be a name.</param>
internal sealed class ServerOptionsResolver(
    Func<string, string?> environment,
    string currentFolder,
    string home,
    string? userTokens = null,
    WorkspaceRegister? register = null
)
{
    private const string Default = "default";
    private const string DefaultHost = "127.0.0.1";
    private const int DefaultPort = 8080;
    private readonly List<ConfigurationProblem> _problems = [];
    private StartupFile _file = StartupFile.Empty;
    private RegisteredWorkspace? _registered;

    /// <summary>Resolves against the process's own environment.</summary>
    public static ResolvedConfiguration FromProcess(CommandLineValues commandLine) =>
        new ServerOptionsResolver(
            Environment.GetEnvironmentVariable,
            Environment.CurrentDirectory,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            UserTokens.DefaultFile,
            new WorkspaceRegister(WorkspaceRegister.DefaultFile)
        ).Resolve(commandLine);

    public ResolvedConfiguration Resolve(CommandLineValues commandLine)
    {
        var workspace = Workspace(commandLine.Workspace);
        var configFile = ConfigFile(commandLine.Config, workspace.Value);
        var tokenFile = Setting(
            "--token-file",
            commandLine.TokenFile,
            "LOOP_TOKEN_FILE",
            StartupFileReader.TokenFileKey,
            JsonValueKind.String
        );
        var mode = Mode(Setting("--mode", commandLine.Mode, "LOOP_MODE", StartupFileReader.ModeKey, JsonValueKind.String));
        var host = Host(Setting("--host", commandLine.Host, "LOOP_HOST", StartupFileReader.HostKey, JsonValueKind.String));
        var port = Port(Setting("--port", commandLine.Port, "LOOP_PORT", StartupFileReader.PortKey, JsonValueKind.Number));
        var toolsets = Toolset(
            Setting("--toolsets", commandLine.Toolsets, "LOOP_TOOLSETS", StartupFileReader.ToolsetsKey, JsonValueKind.String)
        );
        host = OfTheUser(host, workspace.Value, configFile.Value);
        toolsets = WithoutFiles(toolsets, workspace.Value, configFile.Value);
        var token = TokenFile(tokenFile, configFile.Value, workspace.Value, mode.Value);
        var trust = Trust(commandLine.TrustWorkspace);
        var channel = Flag("--claude-channel", commandLine.ClaudeChannel, "LOOP_CLAUDE_CHANNEL");
        var isOfTheWorkspace = WorkspaceMembership.Has(configFile.Value, workspace.Value);
        var http = new HttpSettingsResolver(
            environment,
            currentFolder,
            workspace.Value,
            configFile.Value,
            _file,
            isOfTheWorkspace,
            _problems
        ).Resolve(commandLine);
        var isOpen = token.Value is null && http.OAuth.Value is null && mode.Value != TransportMode.Stdio;
        if (isOpen && !HostName.IsLoopback(host.Value))
        {
            _problems.Add(
                ConfigurationProblem.Error(
                    host.Source,
                    $"'{host.Value}' can be reached by other machines, and no token is set. Make one with 'loop-orchestrator token "
                        + "create NAME', or add --token-file FILE (a file with at least "
                        + $"{AccessTokens.MinimumLength} characters that clients send as 'Authorization: Bearer ...'), or use "
                        + "--host 127.0.0.1."
                )
            );
        }

        if (isOpen && http.AllowedHosts.Value is [var named, ..])
        {
            _problems.Add(
                ConfigurationProblem.Error(
                    http.AllowedHosts.Source,
                    $"'{named}' lets clients of other machines in, and no token is set. Make one with 'loop-orchestrator "
                        + "token create NAME', add --token-file FILE, or leave the name out."
                )
            );
        }

        return new ResolvedConfiguration(
            new ServerOptions(mode, host, port, workspace, configFile, trust, token, toolsets)
            {
                Http = http,
                UserTokens = userTokens,
                WorkspaceName = _registered?.Name,
                HiddenFolder = HiddenFolder(),
                ClaudeChannel = channel is { Value: { } on } ? new Sourced<bool>(on, channel.Source) : new Sourced<bool>(false, Default),
            },
            _problems
        );
    }

    private Sourced<string> Workspace(string? option)
    {
        var given = Given("--workspace", option, "LOOP_WORKSPACE");
        var found = given is null ? NearestWorkspace.Find(currentFolder, home) : null;
        _registered = given is null ? null : Registered(given);
        var workspace =
            _registered is not null ? new Sourced<string>(_registered.Folder, $"{given!.Source}, registered as '{_registered.Name}'")
            : given is not null ? given with { Value = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given.Value, currentFolder)) }
            : found is not null ? new Sourced<string>(found, $"{NearestWorkspace.Source} {currentFolder}")
            : new Sourced<string>(currentFolder, Default);
        if (WorkspaceCheck.Refuse(workspace.Value, home) is { } reason)
        {
            var source = given is null && found is null ? "workspace (the current folder)" : workspace.Source;
            _problems.Add(ConfigurationProblem.Error(source, reason + NoSuchName(given)));
        }

        return workspace;
    }

    // What can be a name is looked up first, so that it means the same in every folder, whatever folders a repository has. What is no
    // name is a path, and the register is not even opened.
    private RegisteredWorkspace? Registered(Sourced<string> given)
    {
        if (register is null || !WorkspaceName.HasForm(given.Value))
        {
            return null;
        }

        try
        {
            return register.Find(given.Value);
        }
        catch (UserErrorException exception)
        {
            _problems.Add(ConfigurationProblem.Error(given.Source, exception.Message));
            return null;
        }
    }

    private string NoSuchName(Sourced<string>? given)
    {
        try
        {
            return
                given is not null
                && register is not null
                && _registered is null
                && WorkspaceName.HasForm(given.Value)
                && !Path.Exists(Path.GetFullPath(given.Value, currentFolder))
                && register.ExplainUnknown(given.Value) is { } unknown
                ? $" And {unknown}"
                : "";
        }
        catch (UserErrorException)
        {
            // Told where the name was looked up.
            return "";
        }
    }

    // The folder that somebody may have meant who wrote a name.
    private string? HiddenFolder() =>
        _registered is not null
        && Path.GetFullPath(_registered.Name, currentFolder) is var folder
        && Directory.Exists(folder)
        && folder != _registered.Folder
            ? folder
            : null;

    private Sourced<string> ConfigFile(string? option, string workspace)
    {
        var given = Given("--config", option, "LOOP_CONFIG");
        var path = given is null ? Path.Combine(workspace, "mcp_startup.json") : Path.GetFullPath(given.Value, currentFolder);
        if (File.Exists(path) || Directory.Exists(path))
        {
            _file = StartupFileReader.Read(
                new SharedPath(new WorkspacePaths(workspace), path, FileSizes.Configuration),
                given is null ? "mcp_startup.json" : given.Value
            );
            _problems.AddRange(_file.Problems);
        }
        else if (given is not null)
        {
            _problems.Add(
                ConfigurationProblem.Error(
                    given.Source,
                    $"the configuration file '{path}' does not exist. Correct the path, or leave it out to use "
                        + "mcp_startup.json of the workspace where there is one."
                )
            );
        }

        return new Sourced<string>(path, given?.Source ?? Default);
    }

    private Sourced<bool?> Trust(bool option)
    {
        if (_file.Values.TryGetValue(StartupFileReader.TrustKey, out var inFile))
        {
            _problems.Add(
                ConfigurationProblem.Error(
                    inFile.Place,
                    "trust is never taken from a file of the workspace, because then a workspace could trust itself. "
                        + "Remove the key, and say it yourself: --trust-workspace, or LOOP_TRUST_WORKSPACE=1."
                )
            );
        }

        return Flag("--trust-workspace", option, "LOOP_TRUST_WORKSPACE");
    }

    private Sourced<bool?> Flag(string optionName, bool option, string variable)
    {
        if (option)
        {
            return new Sourced<bool?>(true, $"option {optionName}");
        }

        var text = environment(variable)?.Trim();
        switch (text?.ToUpperInvariant())
        {
            case null or "":
                return new Sourced<bool?>(null, Default);
            case "1" or "TRUE":
                return new Sourced<bool?>(true, Environ(variable));
            case "0" or "FALSE":
                return new Sourced<bool?>(false, Environ(variable));
            default:
                _problems.Add(ConfigurationProblem.Error(Environ(variable), $"'{text}' is not understood; use 1 or true, 0 or false."));
                return new Sourced<bool?>(null, Default);
        }
    }

    private Sourced<TransportMode> Mode(Sourced<string>? given)
    {
        switch (given?.Value.ToUpperInvariant())
        {
            case null:
                return new Sourced<TransportMode>(TransportMode.Auto, Default);
            case "AUTO":
                return new Sourced<TransportMode>(TransportMode.Auto, given.Source);
            case "STDIO":
                return new Sourced<TransportMode>(TransportMode.Stdio, given.Source);
            case "HTTP":
                return new Sourced<TransportMode>(TransportMode.Http, given.Source);
            default:
                _problems.Add(ConfigurationProblem.Error(given.Source, $"'{given.Value}' is no mode; use auto, stdio or http."));
                return new Sourced<TransportMode>(TransportMode.Auto, Default);
        }
    }

    private Sourced<string> Host(Sourced<string>? given)
    {
        var fallback = new Sourced<string>(DefaultHost, Default);
        if (given is null || HostName.IsValid(given.Value))
        {
            return given ?? fallback;
        }

        _problems.Add(
            ConfigurationProblem.Error(
                given.Source,
                $"'{given.Value}' is not an address to listen on; use an IP address such as 127.0.0.1 or 0.0.0.0, or localhost."
            )
        );
        return fallback;
    }

    /// <summary>An address that other machines reach is for the user to choose, never for a file that came with a repository.</summary>
    private Sourced<string> OfTheUser(Sourced<string> host, string workspace, string configFile)
    {
        if (HostName.IsLoopback(host.Value) || !IsFrom(host, StartupFileReader.HostKey) || !WorkspaceMembership.Has(configFile, workspace))
        {
            return host;
        }

        _problems.Add(
            ConfigurationProblem.Warning(
                host.Source,
                $"'{host.Value}' can be reached by other machines, and a file of the workspace does not decide that; it "
                    + $"is left out, and 127.0.0.1 counts. To open the server, say it yourself: --host {host.Value}, "
                    + "LOOP_HOST, or a configuration outside of the workspace (--config FILE)."
            )
        );
        return new Sourced<string>(DefaultHost, Default);
    }

    private Sourced<string> WithoutFiles(Sourced<string> toolsets, string workspace, string configFile)
    {
        if (
            ToolsetSelection.WithoutFiles(toolsets.Value) is not { } rest
            || !IsFrom(toolsets, StartupFileReader.ToolsetsKey)
            || !WorkspaceMembership.Has(configFile, workspace)
        )
        {
            return toolsets;
        }

        _problems.Add(
            ConfigurationProblem.Warning(
                toolsets.Source,
                $"the toolset '{ToolsetSelection.Files}' lets clients read and write files, and a file of the workspace does not decide "
                    + $"that; it is left out. To serve it, say it yourself: --toolsets {toolsets.Value}, LOOP_TOOLSETS, or a configuration "
                    + "outside of the workspace (--config FILE)."
            )
        );
        return toolsets with { Value = rest };
    }

    private bool IsFrom<T>(Sourced<T> value, string key) =>
        _file.Values.TryGetValue(key, out var inFile) && string.Equals(inFile.Place, value.Source, StringComparison.Ordinal);

    private Sourced<int> Port(Sourced<string>? given)
    {
        if (given is null)
        {
            return new Sourced<int>(DefaultPort, Default);
        }

        if (int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
        {
            return new Sourced<int>(port, given.Source);
        }

        _problems.Add(
            ConfigurationProblem.Error(
                given.Source,
                $"'{given.Value}' is no port; use a whole number from 0 to 65535 (0 takes a free one)."
            )
        );
        return new Sourced<int>(DefaultPort, Default);
    }

    private Sourced<string> Toolset(Sourced<string>? given)
    {
        if (given is not null && ToolsetSelection.Refuse(given.Value) is { } reason)
        {
            _problems.Add(ConfigurationProblem.Error(given.Source, reason));
            given = null;
        }

        // Started by the agent of a run, as its way back to us.
        return given
            ?? (
                string.IsNullOrEmpty(environment(RunEnvironment.RunId))
                    ? new Sourced<string>(ToolsetSelection.Default, Default)
                    : new Sourced<string>(ToolsetSelection.Agent, $"environment {RunEnvironment.RunId}")
            );
    }

    private Sourced<string?> TokenFile(Sourced<string>? given, string configFile, string workspace, TransportMode mode)
    {
        if (given is null)
        {
            return OfTheUser(workspace, mode);
        }

        var fromFile = IsFrom(given, StartupFileReader.TokenFileKey);
        if (fromFile && WorkspaceMembership.Has(configFile, workspace))
        {
            _problems.Add(
                ConfigurationProblem.Warning(
                    given.Source,
                    "a file of the workspace does not decide which token lets clients in; it is left out, and the token "
                        + "file that it names was not read. Say it yourself: --token-file FILE, LOOP_TOKEN_FILE, or a "
                        + "configuration outside of the workspace (--config FILE)."
                )
            );
            return OfTheUser(workspace, mode);
        }

        var path = Path.GetFullPath(given.Value, fromFile ? Path.GetDirectoryName(configFile)! : currentFolder);
        return Checked(new Sourced<string?>(path, given.Source), workspace, isNamed: true);
    }

    private Sourced<string?> OfTheUser(string workspace, TransportMode mode)
    {
        if (userTokens is null || !File.Exists(userTokens))
        {
            return new Sourced<string?>(null, Default);
        }

        var own = new Sourced<string?>(userTokens, "your own list of tokens");
        return mode == TransportMode.Stdio ? own : Checked(own, workspace, isNamed: mode == TransportMode.Http);
    }

    // A list that nobody named is no reason to refuse what may have nothing to do with HTTP; a server over HTTP lets nobody in by it.
    private Sourced<string?> Checked(Sourced<string?> file, string workspace, bool isNamed)
    {
        AccessTokens.Load(file.Value!, workspace, out var problem);
        if (problem is not null)
        {
            _problems.Add(isNamed ? problem with { Source = file.Source } : ConfigurationProblem.Warning(file.Source, problem.Message));
        }

        return file;
    }

    private Sourced<string>? Setting(string optionName, string? option, string variable, string key, JsonValueKind kind)
    {
        if (Given(optionName, option, variable) is { } given)
        {
            return given;
        }

        if (!_file.Values.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value.Kind == kind)
        {
            return new Sourced<string>(value.Text, value.Place);
        }

        _problems.Add(
            ConfigurationProblem.Error(
                value.Place,
                $"expected a {(kind == JsonValueKind.Number ? "number" : "string")}, found {value.Text}."
            )
        );
        return null;
    }

    private Sourced<string>? Given(string optionName, string? option, string variable)
    {
        if (option is not null)
        {
            return Checked(option, $"option {optionName}");
        }

        // An empty variable is how many shells and service files say "not set".
        var text = environment(variable);
        return string.IsNullOrWhiteSpace(text) ? null : Checked(text, Environ(variable));
    }

    private Sourced<string>? Checked(string text, string source)
    {
        if (!string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal))
        {
            return new Sourced<string>(text, source);
        }

        _problems.Add(ConfigurationProblem.Error(source, "the value is empty; give one, or leave it out."));
        return null;
    }

    private static string Environ(string variable) => $"environment {variable}";
}
