namespace LoopOrchestrator.Core.Clients;

/// <summary>The folders of a user in which clients have their settings.</summary>
public sealed class ClientPlaces
{
    private readonly Func<string, string?> _variable;

    private ClientPlaces(string home, string configuration, string applications, Func<string, string?> variable)
    {
        (Home, Configuration, Applications) = (home, configuration, applications);
        _variable = variable;
    }

    /// <summary>The user's home.</summary>
    public string Home { get; }

    /// <summary>Where the XDG rules put settings, which some clients follow on every system.</summary>
    internal string Configuration { get; }

    /// <summary>Where the system has the settings of applications.</summary>
    internal string Applications { get; }

    /// <summary>Where this program keeps what it replaced, for the user alone.</summary>
    internal string Records => Path.Combine(OwnSettings, "loop-orchestrator", "clients");

    private string OwnSettings { get; init; } = "";

    /// <summary>Those of this process, as its variables say.</summary>
    public static ClientPlaces OfThisProcess() =>
        Of(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            OperatingSystem.IsMacOS() ? ClientSystem.MacOS
                : OperatingSystem.IsWindows() ? ClientSystem.Windows
                : ClientSystem.Linux,
            Environment.GetEnvironmentVariable
        );

    internal static ClientPlaces Of(string home, string ownSettings, ClientSystem system, Func<string, string?> variable)
    {
        var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } named ? named : Path.Combine(home, ".config");
        return new ClientPlaces(
            home,
            configuration,
            system switch
            {
                ClientSystem.MacOS => Path.Combine(home, "Library", "Application Support"),
                ClientSystem.Windows => variable("APPDATA") is { Length: > 0 } roaming ? roaming : Path.Combine(home, "AppData", "Roaming"),
                _ => configuration,
            },
            variable
        )
        {
            OwnSettings = ownSettings,
        };
    }

    /// <summary>The folder or file that a variable names, or the usual one.</summary>
    internal string Named(string variable, params ReadOnlySpan<string> usual) =>
        _variable(variable) is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine([Home, .. usual]);

    /// <summary>Whether a variable has a value.</summary>
    internal bool Has(string variable) => !string.IsNullOrEmpty(_variable(variable));
}
