using LoopOrchestrator.Core.Commits.Roles;

namespace LoopOrchestrator.Core.Commits.Credentials;

/// <summary>Which file names say that the file is a credential, or full of them. Pure.</summary>
internal static class CredentialFileNames
{
    private static readonly string[] Names =
    [
        ".env",
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        "id_ecdsa_sk",
        "id_ed25519_sk",
        ".netrc",
        "_netrc",
        ".pgpass",
        ".my.cnf",
        ".git-credentials",
        ".htpasswd",
        ".pypirc",
        ".dockercfg",
        "credentials.json",
        "client_secret.json",
        "service-account.json",
        "secrets.json",
        "secrets.yml",
        "secrets.yaml",
        "secrets.toml",
        "kubeconfig",
    ];

    private static readonly string[] Ends =
    [
        ".pem",
        ".pfx",
        ".p12",
        ".key",
        ".ppk",
        ".jks",
        ".keystore",
        ".kdbx",
        ".env",
        ".tfvars",
        ".mobileprovision",
    ];
    private static readonly string[] Examples = ["example", "sample", "template", "dist", "defaults", "default", "tmpl", "schema", "md"];
    private static readonly string[] Paths =
    [
        ".aws/credentials",
        ".docker/config.json",
        ".kube/config",
        ".ssh/config",
        ".gem/credentials",
        ".azure/accesstokens.json",
    ];

    /// <summary>Whether a file of this path is left out whatever it holds. Examples (<c>.env.example</c>) are not.</summary>
    public static bool IsCredential(string path)
    {
        var lower = path.ToLowerInvariant();
        var name = TestNames.NameOf(lower);
        var parts = name.Split('.');
        if (parts.Skip(1).Any(static part => Examples.Contains(part)))
        {
            return false;
        }

        return Names.Contains(name)
            || Ends.Any(name.EndsWith)
            || name.StartsWith(".env.", StringComparison.Ordinal)
            || Paths.Any(end => lower == end || lower.EndsWith("/" + end, StringComparison.Ordinal));
    }
}
