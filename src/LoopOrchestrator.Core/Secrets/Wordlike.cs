using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>
/// Values that a variable named like a credential may have and that are none: known defaults, names of products, and placeholders for
/// programs that ask for a key where none is needed. Taken out, they would tear holes into ordinary text, and tell its readers what the
/// value is. Other words are passwords where the name says so: people have them.
/// </summary>
internal static partial class Wordlike
{
    private const int MinPhraseLength = 16;
    private const int MinPasswordLength = 12;

    // In small letters and without what separates words; one or two digits may follow, as in password1.
    private static readonly FrozenSet<string> Defaults = new[]
    {
        "admin administrator anonymous apikey changeit changeme changethis default disabled dummy empty enabled example external fake",
        "false guest insecure internal local localhost manager never none nonerequired nokey nokeyneeded nokeyrequired nopassword",
        "notapplicable notneeded notrequired notset notused nothing null optional passphrase password placeholder redacted replaceme",
        "required root sample secret string test testing testkey testtoken todo token true unauthenticated undefined unknown unset unused",
        "user username yourapikey yourapikeyhere yourkeyhere yourpassword yoursecret yoursecretkey yourtoken yourtokenhere",
        "airflow anthropic azure azurite bitbucket bitwarden cassandra clickhouse cockroach couchbase couchdb deepseek directus docker",
        "dockercompose drupal elastic elasticsearch environment firebase gemini gitea github githubactions gitlab gnomekeyring grafana",
        "hasura influxdb jenkins keychain keycloak keyring kibana kubernetes kwallet libsecret litellm llamacpp llamafile lmstudio",
        "localai localstack mariadb metabase minio minioadmin mistral mongo mongodb mysql nexus ollama onepassword openai openrouter",
        "osxkeychain postgres postgresql prometheus rabbitmq redis secretservice sonarqube sqlserver strapi supabase superset timescale",
        "tomcat vault vllm wildfly wincred wordpress",
    }
        .SelectMany(static line => line.Split(' '))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Words with or without a few digits behind: disabled, OAuth2, api-key.
    [GeneratedRegex(
        "^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_. ](?:[A-Z]?[a-z]+|[A-Z]+))*[-_. ]?[0-9]{0,4}$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Words { get; }

    [GeneratedRegex("^[a-z_-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Phrase { get; }

    [GeneratedRegex("(?<=[A-Za-z])[-_. ]?[0-9]{1,2}$|[-_. ]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Trimmings { get; }

    /// <summary>Whether a value is no credential although its variable is named like one.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    public static bool Is(string name, string value) =>
        IsDefault(value) || (value.Length < MinPasswordLength && !CredentialNames.SaysWhatItIs(name) && Words.IsMatch(value));

    /// <summary>Whether a value that a configuration gives to an agent is a placeholder; more is, since it stands in a file.</summary>
    public static bool IsPlaceholder(string value) => IsDefault(value) || (value.Length < MinPhraseLength && Phrase.IsMatch(value));

    private static bool IsDefault(string value) => Defaults.Contains(Trimmings.Replace(value, ""));
}
