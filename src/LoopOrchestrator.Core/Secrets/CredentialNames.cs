namespace LoopOrchestrator.Core.Secrets;

/// <summary>Which names say that what they name is a credential.</summary>
internal static class CredentialNames
{
    private static readonly string[] Parts =
    [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "CREDENTIAL",
        "APIKEY",
        "ACCESSKEY",
        "PRIVATEKEY",
    ];

    private const string Auth = "AUTH";

    /// <summary>Whether a variable of this name holds a credential; counts of tokens are none.</summary>
    public static bool IsCredential(string name) => SaysWhatItIs(name) || HasWord(name, Auth);

    /// <summary>
    /// Whether the name says that the value itself is one. A variable that has to do with signing in (<c>AUTH_TYPE</c>) may hold a choice.
    /// </summary>
    public static bool SaysWhatItIs(string name)
    {
        foreach (var range in name.AsSpan().Split('_'))
        {
            var word = name.AsSpan(range);
            if (word.Equals("KEY", StringComparison.OrdinalIgnoreCase) || word.Equals("PAT", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            foreach (var part in Parts)
            {
                if (word.Contains(part, StringComparison.OrdinalIgnoreCase) && !word.EndsWith("TOKENS", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasWord(string name, string wanted)
    {
        foreach (var range in name.AsSpan().Split('_'))
        {
            if (name.AsSpan(range).Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
