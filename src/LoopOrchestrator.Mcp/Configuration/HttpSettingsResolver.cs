using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Reads <c>http</c> of the configuration file and the options and variables beside it. What stands in a file of the workspace came with a
/// repository, or was written by an agent: it is left out and told, whatever it says.
/// </summary>
/// <param name="environment">Looks up an environment variable.</param>
/// <param name="currentFolder">What relative paths of options and variables are relative to.</param>
/// <param name="workspace">The workspace's folder, absolute.</param>
/// <param name="configFile">The configuration file, absolute: what relative paths in it are relative to its folder.</param>
/// <param name="file">The host's part of the configuration file.</param>
/// <param name="isOfTheWorkspace">Whether that file belongs to the workspace.</param>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class HttpSettingsResolver(
    Func<string, string?> environment,
    string currentFolder,
    string workspace,
    string configFile,
    StartupFile file,
    bool isOfTheWorkspace,
    ICollection<ConfigurationProblem> problems
)
{
    private const string AllowedHostsKey = "http.allowedHosts";
    private const string AllowedHostsOption = "--allowed-hosts";
    private const string AllowedHostsVariable = "LOOP_ALLOWED_HOSTS";

    private const string CertificateKey = "http.certificate";
    private const string CertificateOption = "--certificate";
    private const string CertificateVariable = "LOOP_CERTIFICATE";
    private const string KeyKey = "http.certificateKey";
    private const string KeyOption = "--certificate-key";
    private const string KeyVariable = "LOOP_CERTIFICATE_KEY";
    private const string RequestsKey = "http.requestsPerMinute";
    private const string RequestsVariable = "LOOP_REQUESTS_PER_MINUTE";
    private const string ConnectionsKey = "http.connections";
    private const string ConnectionsVariable = "LOOP_CONNECTIONS";
    private const string BytesKey = "http.maxRequestBytes";
    private const string BytesVariable = "LOOP_MAX_REQUEST_BYTES";

    /// <summary>The members of <c>http</c>, with how else each can be said.</summary>
    private static readonly Dictionary<string, string> Members = new(OAuthResolver.Members, StringComparer.Ordinal)
    {
        [AllowedHostsKey] = $"{AllowedHostsOption} NAMES, {AllowedHostsVariable}",
        [CertificateKey] = $"{CertificateOption} FILE, {CertificateVariable}",
        [KeyKey] = $"{KeyOption} FILE, {KeyVariable}",
        [RequestsKey] = RequestsVariable,
        [ConnectionsKey] = ConnectionsVariable,
        [BytesKey] = BytesVariable,
    };

    /// <summary>The members of <c>http</c>.</summary>
    public static IEnumerable<string> Names => Members.Keys.Select(static key => key[(StartupFileReader.HttpKey.Length + 1)..]);

    public HttpSettings Resolve(CommandLineValues commandLine)
    {
        CheckFile();
        var standard = HttpSettings.Standard;
        var requests = Number(RequestsVariable, RequestsKey, 0, 10_000_000);
        return standard with
        {
            AllowedHosts = AllowedHosts(commandLine.AllowedHosts) ?? standard.AllowedHosts,
            Certificate = Certificate(commandLine) ?? standard.Certificate,
            OAuth = new OAuthResolver(Given, problems).Resolve(commandLine) ?? standard.OAuth,
            RequestsPerMinute = requests is null ? standard.RequestsPerMinute : new Sourced<int?>(requests.Value, requests.Source),
            Connections = Number(ConnectionsVariable, ConnectionsKey, 8, 65_535) ?? standard.Connections,
            MaxRequestBytes = Number(BytesVariable, BytesKey, 65_536, 1_000_000_000) ?? standard.MaxRequestBytes,
        };
    }

    private void CheckFile()
    {
        foreach (var key in StartupFileReader.Objects)
        {
            if (file.Values.TryGetValue(key, out var whole) && whole.Kind != JsonValueKind.Object)
            {
                problems.Add(ConfigurationProblem.Error(whole.Place, $"expected an object, found {whole.Text}."));
            }
        }

        foreach (
            var (key, value) in file.Values.Where(static one =>
                one.Key.StartsWith(StartupFileReader.HttpPrefix, StringComparison.Ordinal)
                && !StartupFileReader.Objects.Contains(one.Key, StringComparer.Ordinal)
            )
        )
        {
            if (!Members.TryGetValue(key, out var others))
            {
                var near = NearestName.Find(key[StartupFileReader.HttpPrefix.Length..], Names);
                problems.Add(
                    ConfigurationProblem.Warning(
                        value.Place,
                        $"is not known and left out{(near is null ? "" : $"; did you mean '{near}'?")}."
                    )
                );
            }
            else if (isOfTheWorkspace)
            {
                problems.Add(
                    ConfigurationProblem.Warning(
                        value.Place,
                        "a file of the workspace does not decide how the server is reached; it is left out. Say it yourself: "
                            + $"{others}, or a configuration outside of the workspace (--config FILE)."
                    )
                );
            }
        }
    }

    private Sourced<IReadOnlyList<AllowedHost>>? AllowedHosts(string? option)
    {
        if (Given(AllowedHostsOption, option, AllowedHostsVariable, AllowedHostsKey, JsonValueKind.Array) is not { } given)
        {
            return null;
        }

        var hosts = new List<AllowedHost>();
        foreach (var text in given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (AllowedHost.Parse(text, out var refusal) is { } host)
            {
                hosts.Add(host);
            }
            else
            {
                problems.Add(ConfigurationProblem.Error(given.Source, refusal!));
            }
        }

        return new Sourced<IReadOnlyList<AllowedHost>>(hosts, given.Source);
    }

    private Sourced<CertificateFiles?>? Certificate(CommandLineValues commandLine)
    {
        var certificate = File(CertificateOption, commandLine.Certificate, CertificateVariable, CertificateKey);
        var key = File(KeyOption, commandLine.CertificateKey, KeyVariable, KeyKey);
        if (certificate is null || key is null)
        {
            if ((certificate ?? key) is { } alone)
            {
                var missing = certificate is null ? CertificateOption : KeyOption;
                problems.Add(
                    ConfigurationProblem.Error(
                        alone.Source,
                        $"a certificate and its key go together: add {missing} FILE, or leave both out."
                    )
                );
            }

            return null;
        }

        var files = new CertificateFiles(certificate.Value, key.Value);
        files.Load(workspace, out var problem);
        if (problem is not null)
        {
            problems.Add(problem with { Source = certificate.Source });
        }

        return new Sourced<CertificateFiles?>(files, certificate.Source);
    }

    private Sourced<string>? File(string optionName, string? option, string variable, string key) =>
        Given(optionName, option, variable, key, JsonValueKind.String) is { } given
            ? given with
            {
                Value = Path.GetFullPath(
                    given.Value,
                    file.Values.TryGetValue(key, out var inFile) && inFile.Place == given.Source
                        ? Path.GetDirectoryName(configFile)!
                        : currentFolder
                ),
            }
            : null;

    private Sourced<int>? Number(string variable, string key, int least, int most)
    {
        if (Given(optionName: null, option: null, variable, key, JsonValueKind.Number) is not { } given)
        {
            return null;
        }

        if (
            int.TryParse(given.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
        {
            return new Sourced<int>(number, given.Source);
        }

        problems.Add(ConfigurationProblem.Error(given.Source, $"'{given.Value}' must be a whole number from {least} to {most}."));
        return null;
    }

    private Sourced<string>? Given(string? optionName, string? option, string variable, string key, JsonValueKind kind)
    {
        if (option is not null)
        {
            return new Sourced<string>(option, $"option {optionName}");
        }

        // An empty variable is how many shells and service files say "not set".
        if (variable.Length > 0 && environment(variable) is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return new Sourced<string>(text, $"environment {variable}");
        }

        // What is an object in the file has each of its members said by itself.
        if (isOfTheWorkspace || kind == JsonValueKind.Undefined || !file.Values.TryGetValue(key, out var value))
        {
            return null;
        }

        if ((value.Kind == kind && value.Text != StartupFileReader.MixedArray) || (IsOneOrMore(key) && value.Kind == JsonValueKind.String))
        {
            return new Sourced<string>(value.Text, value.Place);
        }

        var expected = kind switch
        {
            JsonValueKind.Array => "an array of strings",
            JsonValueKind.Number => "a number",
            _ => "a string",
        };
        problems.Add(ConfigurationProblem.Error(value.Place, $"expected {expected}, found {value.Text}."));
        return null;
    }

    // As "aud" is in a token.
    private static bool IsOneOrMore(string key) => key == OAuthResolver.AudienceKey;
}
