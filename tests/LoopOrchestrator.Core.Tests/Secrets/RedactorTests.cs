using System.Buffers;
using System.Text;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Tests.Secrets;

public sealed class RedactorTests
{
    private const string Value = "hunter2-hünter2";

    // Put together here, so that no file holds anything that looks real.
    private static readonly string Body = string.Concat(Enumerable.Repeat("aB3dE5", 12));
    private static readonly string Key =
        "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE" + Body + "\n" + Body + "==\n-----END " + "RSA PRIVATE KEY-----";

    private static readonly Redactor Redactor = new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MY_PASSWORD"] = Value,
            ["AWS_SECRET_ACCESS_KEY"] = "/" + Body + "/x",
            ["QUOTED_SECRET"] = "a\"quoted\\one",
            ["SHORT_TOKEN"] = "abc",
            ["HOME"] = "/home/somebody",
            ["GOOGLE_APPLICATION_CREDENTIALS"] = "/nowhere/here/key.json",
            ["MAX_OUTPUT_TOKENS"] = "123456789",
        }
    );

    public static TheoryData<string, string> Secrets =>
        new()
        {
            { "key sk-" + Body + " end", "key [redacted:api-key] end" },
            { "\"sk-ant-api03-" + Body + "\"", "\"[redacted:api-key]\"" },
            { "line\\nsk-proj-" + Body + "\\nnext", "line\\n[redacted:api-key]\\nnext" },
            { "GH=ghp_" + Body[..36], "GH=[redacted:github-token]" },
            { "github_pat_11A_" + Body, "[redacted:github-token]" },
            { "xoxb-12345-" + Body + "!", "[redacted:slack-token]!" },
            { "AKIA" + "ABCDEFGHIJKLMNO7,", "[redacted:aws-key]," },
            { "AIza" + Body[..35] + " ", "[redacted:google-key] " },
            { "a eyJhbGciOi." + Body + "." + Body + " b", "a [redacted:jwt] b" },
            { "Authorization: Bearer " + Body + "\r\n", "Authorization: Bearer [redacted:bearer]\r\n" },
            { "git clone https://bob:s3cr3t@example.com/x", "git clone https://bob:[redacted:password]@example.com/x" },
            { "before\n" + Key + "\nafter", "before\n[redacted:private-key]\nafter" },
            {
                "{\"k\":\"" + Key.Replace("\n", "\\n", StringComparison.Ordinal) + "\",\"x\":1}",
                "{\"k\":\"[redacted:private-key]\",\"x\":1}"
            },
            { "-----BEGIN " + "PRIVATE KEY-----\nMIIE\n{\"no\":\"end\"}", "[redacted:private-key]{\"no\":\"end\"}" },
            { "it is " + Value + "!", "it is [redacted:MY_PASSWORD]!" },
            { "key /" + Body + "/x!", "key [redacted:AWS_SECRET_ACCESS_KEY]!" },
            { "raw a\"quoted\\one, in JSON a\\\"quoted\\\\one", "raw [redacted:QUOTED_SECRET], in JSON [redacted:QUOTED_SECRET]" },
            { Value + Value, "[redacted:MY_PASSWORD][redacted:MY_PASSWORD]" },
            { "ghp_" + Body[..36] + " and sk-" + Body, "[redacted:github-token] and [redacted:api-key]" },
            { "sk-" + string.Concat(Enumerable.Repeat(Body, 1000)) + " end", "[redacted:api-key] end" },
        };

    public static TheoryData<string> Harmless =>
        [
            "",
            "plain text, nothing in it",
            "task-force-of-2026-and-a-very-long-name-behind-it",
            "sk-learn-and-other-packages-with-very-long-names-without-number",
            "sk-123",
            "AKIAABCDEFGHIJKLMNOPQ7ST is too long",
            "eyJ.no",
            "a Bearer of bad news, 2026",
            "https://example.com/a:b@c and http://localhost:8080/mcp",
            "https://bob:$TOKEN@example.com",
            "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
            "abc /nowhere/here/key.json 123456789 /home/somebody",
            "emoji 😀 and ünï and a half \u0007",
        ];

    [Fact]
    public void OfProcess_VariablesOfAnAgent_KnowsCredentialsAndNoWords() =>
        Redactor
            .OfProcess(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ONLY_THE_AGENTS_TOKEN"] = "told-by-the-configuration",
                    ["COLOR"] = "not-a-secret-at-all",
                    ["LOCAL_API_KEY"] = "not-needed",
                }
            )
            .Redact("it printed told-by-the-configuration, not-a-secret-at-all, not-needed")
            .Should()
            .Be("it printed [redacted:ONLY_THE_AGENTS_TOKEN], not-a-secret-at-all, not-needed");

    // A variable, its value, a text, and what is left of the text.
    [Theory]
    [InlineData("POSTGRES_PASSWORD", "postgres", "docker compose up postgres, image postgres:16", null)]
    [InlineData("AUTH_TYPE", "disabled", "it is disabled", null)]
    [InlineData("OPENAI_API_KEY", "lm-studio", "start lm-studio first", null)]
    [InlineData("DB_PASSWORD", "password1", "not password1 again", null)]
    [InlineData("DB_PASSWORD", "Changeme_12", "write Changeme_12 here", null)]
    [InlineData("ELASTIC_PASSWORD", "elasticsearch", "docker run elasticsearch", null)]
    [InlineData("SECRET_STORE", "KEYCHAIN", "the KEYCHAIN of macOS", null)]
    [InlineData("PROXY_AUTH", "negotiate", "it has to negotiate", null)]
    [InlineData("CUSTOM_API_KEY", "no-key-required", "said no-key-required", null)]
    [InlineData("DB_PASSWORD", "Summer2024", "it was Summer2024!", "it was [redacted:DB_PASSWORD]!")]
    [InlineData("DB_PASSWORD", "Welcome123", "xWelcome123 Welcome123", "xWelcome123 [redacted:DB_PASSWORD]")]
    [InlineData("APP_SECRET", "sunshine", "(sunshine)", "([redacted:APP_SECRET])")]
    [InlineData("API_KEY", "postgres_2024", "it was postgres_2024", "it was [redacted:API_KEY]")]
    [InlineData("SESSION_TOKEN", "Big-Secret", "it was Big-Secret", "it was [redacted:SESSION_TOKEN]")]
    [InlineData("DB_PASSWORD", "k7Tq9zPw", "it was k7Tq9zPw, k7Tq9zPw", "it was [redacted:DB_PASSWORD], [redacted:DB_PASSWORD]")]
    [InlineData("DB_PASSWORD", "k7Tq9zPw", "in JSON \\nk7Tq9zPw\\n", "in JSON \\n[redacted:DB_PASSWORD]\\n")]
    [InlineData("DB_PASSWORD", "k7Tq9zPw", "xk7Tq9zPw k7Tq9zPwx k7Tq9zPw1", null)]
    [InlineData("DB_PASSWORD", "k7Tq9zPw", "k7Tq9zPwk7Tq9zPw k7Tq9zPw", "k7Tq9zPwk7Tq9zPw [redacted:DB_PASSWORD]")]
    [InlineData("DB_PASSWORD", "k7-Tq9zPw", "xk7-Tq9zPwx", "x[redacted:DB_PASSWORD]x")]
    [InlineData("MY_TOKEN", "k7Tq9zPwL2mXv8Rb", "xk7Tq9zPwL2mXv8Rbx", "x[redacted:MY_TOKEN]x")]
    [InlineData("MY_TOKEN", "correcthorsebattery", "correcthorsebattery", "[redacted:MY_TOKEN]")]
    [InlineData("MY_TOKEN", "20261129", "20261129", "[redacted:MY_TOKEN]")]
    public void Redact_ValueOfAVariable_IsTakenOutUnlessItIsAWord(string name, string value, string text, string? expected)
    {
        var redactor = new Redactor([KeyValuePair.Create(name, value)]);

        redactor.Redact(text).Should().Be(expected ?? text);
        for (var chunk = 1; chunk < 12; chunk++)
        {
            Encoding.UTF8.GetString(Stream(Encoding.UTF8.GetBytes(text), chunk, redactor)).Should().Be(expected ?? text);
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Redact_Secret_IsTakenOut(string text, string expected) => Redactor.Redact(text).Should().Be(expected);

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Stream_SecretCutAnywhere_IsTakenOut(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var chunk in new[] { 1, 2, 3, 7, 64, 4096 })
        {
            Encoding.UTF8.GetString(Stream(bytes, chunk)).Should().Be(expected, "in pieces of {0}", chunk);
        }

        for (var cut = 1; cut < Math.Min(bytes.Length, 400); cut++)
        {
            var clean = new ArrayBufferWriter<byte>();
            var stream = new RedactionStream(Redactor, clean.Write);
            stream.Write(bytes.AsSpan(0, cut));
            stream.Write(bytes.AsSpan(cut));
            stream.Complete();
            Encoding.UTF8.GetString(clean.WrittenSpan).Should().Be(expected, "cut at {0}", cut);
        }
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void Redact_Harmless_IsTheSameText(string text)
    {
        Redactor.Redact(text).Should().Be(text);
        Encoding.UTF8.GetString(Stream(Encoding.UTF8.GetBytes(text), 5)).Should().Be(text);
    }

    [Fact]
    public void Stream_AnyBytes_PassUnchanged()
    {
        var bytes = new byte[200_000];
        new Random(5).NextBytes(bytes);

        Stream(bytes, 4093).Should().Equal(bytes);
    }

    [Fact]
    public void Write_LineWithoutEnd_PassesAtOnce()
    {
        var clean = new ArrayBufferWriter<byte>();
        var stream = new RedactionStream(Redactor, clean.Write);

        stream.Write("continue (y/N)?"u8);

        Encoding.UTF8.GetString(clean.WrittenSpan).Should().Be("continue (y/N)?");
    }

    [Fact]
    public void Stream_PrivateKeyWithoutEnd_HoldsBackNoMoreThanItsBound()
    {
        var text = "-----BEGIN " + "PRIVATE KEY-----\n" + string.Concat(Enumerable.Repeat(Body + "\n", 3000)) + "the end";

        var clean = Encoding.UTF8.GetString(Stream(Encoding.UTF8.GetBytes(text), 1000));

        clean.Should().StartWith("[redacted:private-key]").And.EndWith("the end");
        clean.Length.Should().BeInRange(text.Length - (68 * 1024), text.Length - (60 * 1024));
    }

    private static byte[] Stream(ReadOnlySpan<byte> bytes, int chunk, Redactor? redactor = null)
    {
        var clean = new ArrayBufferWriter<byte>();
        var stream = new RedactionStream(redactor ?? Redactor, clean.Write);
        for (var at = 0; at < bytes.Length; at += chunk)
        {
            stream.Write(bytes.Slice(at, Math.Min(chunk, bytes.Length - at)));
        }

        stream.Complete();
        return clean.WrittenSpan.ToArray();
    }
}
