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

    /// <summary>Whether a variable of this name holds a credential; counts of tokens are none.</summary>
    public static bool IsCredential(string name)
    {
        foreach (var range in name.AsSpan().Split('_'))
        {
            var word = name.AsSpan(range);
            if (
                word.Equals("KEY", StringComparison.OrdinalIgnoreCase)
                || word.Equals("PAT", StringComparison.OrdinalIgnoreCase)
                || word.Equals("AUTH", StringComparison.OrdinalIgnoreCase)
            )
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
}
