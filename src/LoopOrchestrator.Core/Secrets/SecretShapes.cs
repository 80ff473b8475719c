using System.Buffers;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>
/// The shapes of credentials that are taken out, as data. A further one is a line here; its length is the least that its issuer makes, for
/// issuers make them longer in time.
/// </summary>
internal static class SecretShapes
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    private static readonly SearchValues<char> Word = SearchValues.Create(Letters + Digits);
    private static readonly SearchValues<char> WordLine = SearchValues.Create(Letters + Digits + "_");
    private static readonly SearchValues<char> WordHyphen = SearchValues.Create(Letters + Digits + "_-");
    private static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Digits);
    private static readonly SearchValues<char> Dotted = SearchValues.Create(Letters + Digits + "_-.");
    private static readonly SearchValues<char> HeaderValue = SearchValues.Create(Letters + Digits + "-._~+/=");

    private static readonly SecretSource GitHub = new(
        "https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available/",
        new DateOnly(2026, 11, 29)
    );

    private static readonly SecretSource Slack = new("https://docs.slack.dev/authentication/tokens", new DateOnly(2026, 11, 29));

    private static readonly SecretSource Aws = new(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        new DateOnly(2026, 11, 29)
    );

    private static readonly SecretSource Jwt = new("https://www.rfc-editor.org/rfc/rfc7519", new DateOnly(2026, 11, 29));
    private static readonly SecretSource Bearer = new("https://www.rfc-editor.org/rfc/rfc6750", new DateOnly(2026, 11, 29));

    // Issuers that show keys and describe no form: what scanners of repositories look for, which is seen in what leaked.
    private static readonly SecretSource Scanners = new(
        "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml",
        new DateOnly(2026, 11, 29)
    );

    private static readonly SecretSource Verifiers = new(
        "https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors",
        new DateOnly(2026, 11, 29)
    );

    /// <summary>All of them; of two that begin the same the first one counts.</summary>
    public static readonly IReadOnlyList<SecretShape> All =
    [
        new("sk-", "api-key", WordHyphen, 20, Scanners),
        new("sk_live_", "api-key", WordLine, 16, Scanners),
        new("rk_live_", "api-key", WordLine, 16, Scanners),
        new("gsk_", "api-key", Word, 32, Verifiers),
        new("xai-", "api-key", WordHyphen, 32, Verifiers),
        new("hf_", "api-key", Word, 30, Scanners),
        new("ghp_", "github-token", Word, 36, GitHub),
        new("gho_", "github-token", Word, 36, GitHub),
        new("ghu_", "github-token", Word, 36, GitHub),
        new("ghs_", "github-token", Dotted, 36, GitHub),
        new("ghr_", "github-token", Word, 36, GitHub),
        new("github_pat_", "github-token", WordLine, 22, Scanners),
        new("glpat-", "gitlab-token", WordHyphen, 20, Scanners),
        new("npm_", "npm-token", Word, 36, Scanners),
        new("pypi-", "pypi-token", WordHyphen, 50, Scanners),
        new("xoxb-", "slack-token", WordHyphen, 10, Slack),
        new("xoxp-", "slack-token", WordHyphen, 10, Slack),
        new("xoxa-", "slack-token", WordHyphen, 10, Scanners),
        new("xoxr-", "slack-token", WordHyphen, 10, Scanners),
        new("xoxs-", "slack-token", WordHyphen, 10, Scanners),
        new("xoxo-", "slack-token", WordHyphen, 10, Scanners),
        new("xapp-", "slack-token", WordHyphen, 10, Slack),
        new("AKIA", "aws-key", Upper, 16, Aws, 16),
        new("ASIA", "aws-key", Upper, 16, Aws, 16),
        new("AIza", "google-key", WordHyphen, 35, Scanners),
        new("ya29.", "google-token", WordHyphen, 20, Scanners),
        new("eyJ", "jwt", Dotted, 20, Jwt) { Dots = 2, KeyNeedsDigit = false },
        new("Bearer ", "bearer", HeaderValue, 16, Bearer) { KeepsPrefix = true },
        new("bearer ", "bearer", HeaderValue, 16, Bearer) { KeepsPrefix = true },
        new("BEARER ", "bearer", HeaderValue, 16, Bearer) { KeepsPrefix = true },
    ];
}
