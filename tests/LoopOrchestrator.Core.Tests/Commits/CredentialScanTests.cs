using System.Text;
using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Tests.Commits;

/// <summary>What is taken for a credential. Those here are put together from parts, so that this file holds none.</summary>
public sealed class CredentialScanTests
{
    private const string Random = "q7Gx2LpV9sK4" + "mZ8tRb1NcY5w";

    private readonly CredentialScan _scan = new(new Redactor([KeyValuePair.Create("SERVICE_TOKEN", "in-the-environment-42")]));

    public static TheoryData<string, string> Credentials =>
        new()
        {
            { "x = \"ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8\"", "github-token" },
            { "AKIA" + "IOSFODNN7EXAMPLE", "aws-key" },
            { "-----BEGIN RSA PRIVATE " + "KEY-----", "private-key" },
            { "-----BEGIN OPENSSH PRIVATE " + "KEY-----", "private-key" },
            { "url: postgres://app:h4rdToGue55@db/x", "password" },
            { "say in-the-environment-42 loud", "SERVICE_TOKEN" },
            { $"api_key: {Random}", "assigned-value" },
            { $"export DB_PASSWORD={Random}", "assigned-value" },
            { $"  \"clientSecret\": \"{Random}\",", "assigned-value" },
            { $"const accessToken = '{Random}';", "assigned-value" },
        };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task FindAsync_Credential_IsFoundInItsLine(string line, string pattern)
    {
        (await FindAsync($"first\n{line}\nlast\n")).Should().Be(new CredentialFinding(2, pattern));
        (await _scan.FindAsync(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes($"first\r\n{line}\r\n")).ToArray()))
            .Should()
            .Be(new CredentialFinding(2, pattern));
        (await _scan.FindAsync([0, 255, 10, .. Encoding.UTF8.GetBytes(line), 10, 0])).Should().Be(new CredentialFinding(2, pattern));
    }

    [Theory]
    [InlineData("postgres://user:password@localhost/db")]
    [InlineData("https://admin:admin@host")]
    [InlineData("amqp://guest:guest@host and https://x:xxxxx@host")]
    [InlineData("https://user:${PASSWORD}@host")]
    [InlineData("var token = cancellationToken;")]
    [InlineData("PublicKeyToken=b03f5f7f11d50a3a")]
    [InlineData("public_key: q7Gx2LpV9sK4mZ8tRb1NcY5w")]
    [InlineData("token: integration-test-token-number-1")]
    [InlineData("cache_key: v1-dependencies-20260101")]
    [InlineData("password: ${{ secrets.DEPLOY_PASSWORD_2026 }}")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("secretSource = GetSecretFromVault12345678(name)")]
    public async Task FindAsync_Harmless_IsNone(string line) => (await FindAsync(line)).Should().BeNull();

    [Fact]
    public async Task FindAsync_PlaceholderBeforeACredential_HidesNothing() =>
        (await FindAsync("a://user:password@h b://app:h4rdToGue55@h")).Should().Be(new CredentialFinding(1, "password"));

    [Fact]
    public async Task FindAsync_LineThatIsCommittedAlready_IsNotToldAgain()
    {
        var old = $"api_key: {Random}\n";
        var asked = 0;

        (await _scan.FindAsync(Encoding.UTF8.GetBytes("new\n" + old), Before)).Should().BeNull();
        (await _scan.FindAsync(Encoding.UTF8.GetBytes($"{old}api_secret: {Random}\n"), Before))
            .Should()
            .Be(new CredentialFinding(2, "assigned-value"));
        (await _scan.FindAsync("nothing\n"u8.ToArray(), Before)).Should().BeNull();
        asked.Should().Be(2);

        Task<byte[]> Before()
        {
            asked++;
            return Task.FromResult(Encoding.UTF8.GetBytes(old));
        }
    }

    private Task<CredentialFinding?> FindAsync(string text) => _scan.FindAsync(Encoding.UTF8.GetBytes(text));
}
