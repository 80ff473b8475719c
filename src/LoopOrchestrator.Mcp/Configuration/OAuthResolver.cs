using System.Text.Json;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Reads <c>http.oauth</c>, and the options and variables beside it.</summary>
/// <param name="given">Finds what was said of a setting: its option's name and value, its variable, its key in the file.</param>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class OAuthResolver(
    Func<string?, string?, string, string, JsonValueKind, Sourced<string>?> given,
    ICollection<ConfigurationProblem> problems
)
{
    /// <summary>The object in the file, and the one in it that has the issuer's words for scopes.</summary>
    public const string Key = StartupFileReader.HttpPrefix + "oauth";
    public const string ScopesKey = $"{Key}.scopes";

    /// <summary>A text or an array of them.</summary>
    public const string AudienceKey = $"{Key}.audience";

    private const string IssuerKey = $"{Key}.issuer";
    private const string IssuerOption = "--oauth-issuer";
    private const string IssuerVariable = "LOOP_OAUTH_ISSUER";
    private const string AudienceOption = "--oauth-audience";
    private const string AudienceVariable = "LOOP_OAUTH_AUDIENCE";
    private const string KeysKey = $"{Key}.jwksUri";
    private const string KeysVariable = "LOOP_OAUTH_JWKS_URI";
    private const string ScopesVariable = "LOOP_OAUTH_SCOPES";

    /// <summary>The members, with how else each can be said.</summary>
    public static IReadOnlyDictionary<string, string> Members { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [IssuerKey] = $"{IssuerOption} URL, {IssuerVariable}",
            [AudienceKey] = $"{AudienceOption} NAMES, {AudienceVariable}",
            [KeysKey] = KeysVariable,
            [ScopeKey(AccessScope.Read)] = ScopesVariable,
            [ScopeKey(AccessScope.Run)] = ScopesVariable,
            [ScopeKey(AccessScope.Admin)] = ScopesVariable,
        };

    public Sourced<OAuthSettings?>? Resolve(CommandLineValues commandLine)
    {
        var issuer = given(IssuerOption, commandLine.OAuthIssuer, IssuerVariable, IssuerKey, JsonValueKind.String);
        var audience = given(AudienceOption, commandLine.OAuthAudience, AudienceVariable, AudienceKey, JsonValueKind.Array);
        var keys = given(null, null, KeysVariable, KeysKey, JsonValueKind.String);
        var scopes = Scopes();
        if (issuer is null)
        {
            if ((audience ?? keys ?? scopes.Said) is { } alone)
            {
                Refuse(alone.Source, $"it counts together with an issuer: add {IssuerOption} URL ({IssuerVariable}), or leave it out.");
            }

            return null;
        }

        if (OAuthSettings.RefuseAddress(issuer.Value, out var address) is { } wrong)
        {
            Refuse(issuer.Source, wrong);
        }
        else if (address!.Query.Length > 0)
        {
            Refuse(issuer.Source, $"'{issuer.Value}' has a query in it; an issuer has none (RFC 8414).");
        }

        Uri? keysAddress = null;
        if (keys is not null && OAuthSettings.RefuseAddress(keys.Value, out keysAddress) is { } odd)
        {
            Refuse(keys.Source, odd);
        }

        var audiences = (audience?.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (audiences.Length == 0)
        {
            // Without one, a token that the issuer gave for any other of its services would open this one.
            Refuse(
                (audience ?? issuer).Source,
                $"say which tokens of the issuer are meant for this server: {AudienceOption} NAME ({AudienceVariable}), which is what they "
                    + "have in 'aud'; mostly the address that clients use (https://loop.example.org/mcp)."
            );
        }

        return new Sourced<OAuthSettings?>(new OAuthSettings(issuer.Value, audiences, keysAddress, scopes.Words), issuer.Source);
    }

    private (IReadOnlyList<string> Words, Sourced<string>? Said) Scopes()
    {
        var words = OAuthSettings.StandardScopes.ToArray();
        Sourced<string>? said = null;

        // The variable has all of them in one text, and beats each in the file.
        if (given(null, null, ScopesVariable, ScopesKey, JsonValueKind.Undefined) is { } whole)
        {
            said = whole;
            foreach (var part in whole.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var word] && AccessScopes.Parse(name) is { } scope)
                {
                    Set(scope, new Sourced<string>(word, whole.Source));
                }
                else
                {
                    Refuse(whole.Source, $"'{part}' says no scope; write read=WORD,run=WORD,admin=WORD, or some of them.");
                }
            }
        }
        else
        {
            foreach (var scope in Enum.GetValues<AccessScope>())
            {
                if (given(null, null, "", ScopeKey(scope), JsonValueKind.String) is { } one)
                {
                    said = one;
                    Set(scope, one);
                }
            }
        }

        if (said is not null && words.Distinct(StringComparer.Ordinal).Count() < words.Length)
        {
            Refuse(said.Source, $"two scopes have the same word ({string.Join(", ", words)}); give each one of its own.");
        }

        return (words, said);

        void Set(AccessScope scope, Sourced<string> word)
        {
            words[(int)scope] = word.Value;
            if (word.Value.Length == 0 || word.Value.Any(static c => c is <= ' ' or > '~' or '"' or '\\'))
            {
                Refuse(word.Source, $"'{word.Value}' is no scope of OAuth: it has blanks, quotes or other signs in it, or is empty.");
            }
        }
    }

    private void Refuse(string source, string message) => problems.Add(ConfigurationProblem.Error(source, message));

    private static string ScopeKey(AccessScope scope) => $"{ScopesKey}.{scope.Name()}";
}
