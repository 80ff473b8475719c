using System.Globalization;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.OAuth;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting.OAuth;

/// <summary>Which tokens of an issuer let somebody in, as what, and what is fetched for that.</summary>
public sealed class IssuerTokensTests : IAsyncLifetime
{
    private readonly IssuerHere _issuer = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-05-01T10:00:00Z", CultureInfo.InvariantCulture));
    private IssuerDocuments? _documents;
    private IssuerTokens? _tokens;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _issuer.InitializeAsync();
        Use(new OAuthSettings(_issuer.Issuer, ["other", IssuerHere.Audience], KeysAddress: null, OAuthSettings.StandardScopes));
    }

    public ValueTask DisposeAsync()
    {
        _documents?.Dispose();
        return _issuer.DisposeAsync();
    }

    /// <summary>Tokens with one thing wrong each.</summary>
    [Fact]
    public async Task JudgeAsync_TokenWithOneThingWrong_IsRefusedForIt()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        (string Name, string Token, int Status, string Reason)[] cases =
        [
            ("expired", Token(claims => claims["exp"] = now - 61), 401, "has expired"),
            ("without an end", Token(static claims => claims.Remove("exp")), 401, "when it expires"),
            ("not yet", Token(claims => claims["nbf"] = now + 61), 401, "does not count yet"),
            ("of another issuer", Token(static claims => claims["iss"] = "https://evil.example"), 401, "is not from"),
            ("of one that begins alike", Token(claims => claims["iss"] = $"{_issuer.Issuer}/"), 401, "is not from"),
            ("without an issuer", Token(static claims => claims.Remove("iss")), 401, "is not from"),
            ("for another", Token(static claims => claims["aud"] = "https://other.example.org/mcp"), 401, "'aud' is none of"),
            ("for one that begins alike", Token(static claims => claims["aud"] = $"{IssuerHere.Audience}/"), 401, "'aud' is none of"),
            ("for nobody", Token(static claims => claims.Remove("aud")), 401, "'aud' is none of"),
            ("of nobody", Token(static claims => claims.Remove("sub")), 401, "whose it is"),
            ("unsigned", Token(header: static header => header["alg"] = "none"), 401, "signed in a way that does not count"),
            ("with the public key as secret", Token(header: static header => header["alg"] = "HS256"), 401, "in a way that does not"),
            ("with a key that nobody knows", Token(key: "unknown"), 401, "with a key that"),
            ("with the name of a known key", Token(key: "mine", header: static one => one["kid"] = IssuerHere.FirstKey), 401, "signature"),
            ("changed", Changed(Token()), 401, "signature"),
            ("without its signature", Token()[..(Token().LastIndexOf('.') + 1)], 401, "signature"),
            ("without a scope", Token(static claims => claims.Remove("scope")), 403, "loop:read, loop:run, loop:admin"),
            ("with scopes of others", Token(static claims => claims["scope"] = "openid loop:reader"), 403, "loop:read"),
            ("huge", Token(static claims => claims["groups"] = new string('x', 20_000)), 401, "longer than"),
            ("no JSON", "eyJub3Qu.eyJub3Qu.eyJub3Qu", 401, "no JWT"),
            ("with an algorithm that is no text", Token(header: static header => header["alg"] = 5), 401, "The access token"),
            ("with a key that is no text", Token(header: static header => header["kid"] = 5), 401, "The access token"),
            ("with a time that is no number", Token(static claims => claims["exp"] = "soon"), 401, "The access token"),
        ];
        foreach (var (name, token, status, reason) in cases)
        {
            var verdict = await JudgeAsync(token);

            verdict.Grant.Should().BeNull(name);
            verdict.Status.Should().Be(status, name);
            verdict.Refusal.Should().Contain(reason, name);
        }

        _issuer.KeyFetches.Should().Be(1, "a key that nobody knows has keys fetched only every half minute");
    }

    [Fact]
    public async Task JudgeAsync_GoodToken_LetsItsSubjectInWithTheScopeThatItHas()
    {
        _issuer.Publish(IssuerHere.RsaKey);
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        (string Token, AccessScope Scope)[] cases =
        [
            (Token(), AccessScope.Run),
            (Token(key: IssuerHere.RsaKey), AccessScope.Run),
            (Token(header: static header => header.Remove("kid")), AccessScope.Run),
            (Token(static claims => claims["scope"] = "loop:read"), AccessScope.Read),
            (Token(static claims => claims["scope"] = "openid loop:admin"), AccessScope.Admin),
            (Token(static claims => (claims["scope"], claims["scp"]) = (null, "loop:run")), AccessScope.Run),
            (Token(static claims => (claims["scope"], claims["scp"]) = (null, new JsonArray("x", "loop:read"))), AccessScope.Read),
            (Token(static claims => claims["aud"] = new JsonArray("https://a.example", IssuerHere.Audience)), AccessScope.Run),
            (Token(claims => claims["exp"] = now - 59), AccessScope.Run),
            (Token(claims => claims["nbf"] = now + 59), AccessScope.Run),
            (Token(static claims => claims["exp"] = 253_402_300_799), AccessScope.Run),
            (Token(static claims => claims["exp"] = 1_767_225_600_000), AccessScope.Run),
        ];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (token, scope) in cases)
        {
            var verdict = await JudgeAsync(token);

            verdict.Grant.Should().NotBeNull(verdict.Refusal);
            verdict.Grant!.Scope.Should().Be(scope);
            verdict.Grant.Name.Should().Be("oauth:ann");
            ids.Add(verdict.Grant.Id);
        }

        ids.Should().ContainSingle("a session goes on with the next token of the same subject");
        (await JudgeAsync(Token(static claims => claims["sub"] = "bob"))).Grant!.Id.Should().NotBe(ids.Single());
    }

    [Fact]
    public async Task JudgeAsync_SubjectThatSteersATerminal_IsShownAsText() =>
        (await JudgeAsync(Token(static claims => claims["sub"] = "a\n\u001b[2J" + new string('x', 100))))
            .Grant!.Name.Should()
            .Be("oauth:a\\n\\u001b[2J" + new string('x', 58) + "…");

    [Fact]
    public async Task Keys_ThatAreReplaced_CountFromTheFirstTokenOnAndTheOldOneNoLonger()
    {
        var old = Token();
        (await JudgeAsync(old)).Grant.Should().NotBeNull();
        _issuer.Publish("second");
        _issuer.Withdraw(IssuerHere.FirstKey);
        (await JudgeAsync(Token(key: "second"))).Grant.Should().BeNull("the keys were fetched a moment ago");

        _time.Advance(IssuerKeys.Pause);

        (await JudgeAsync(Token(key: "second"))).Grant.Should().NotBeNull();
        (await JudgeAsync(old)).Refusal.Should().Contain("with a key that");
        _issuer.KeyFetches.Should().Be(2);
    }

    [Fact]
    public async Task Key_ThatIsNotKnown_IsRefusedOnlyByKeysThatWereFetchedSince()
    {
        var second = Token(key: "second");
        (await JudgeAsync(Token())).Grant.Should().NotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));

        var early = await JudgeAsync(second);
        (early.Status, early.RetryAfter).Should().Be((503, IssuerKeys.Pause - TimeSpan.FromSeconds(1)), "it may be a new one");

        _issuer.Instead = static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);
        _time.Advance(IssuerKeys.Pause);
        var blind = await JudgeAsync(second);
        (blind.Status, blind.RetryAfter).Should().Be((503, IssuerKeys.PauseAfterFailure), "nobody could look");

        _issuer.Instead = null;
        _time.Advance(IssuerKeys.PauseAfterFailure);
        (await JudgeAsync(second)).Status.Should().Be(401);
    }

    [Theory]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.x", true)]
    [InlineData("eyAiYWxnIjoiRVMyNTYifQ.e30.x", true)]
    [InlineData("CnsiYWxnIjoiRVMyNTYifQ.e30.x", true)]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30", false)]
    [InlineData("0123456789abcdef", false)]
    public void IsMeant_Word_HasThreePartsWhateverItBeginsWith(string word, bool expected) =>
        IssuerTokens.IsMeant(word).Should().Be(expected);

    [Fact]
    public async Task Keys_ThatAreTakenBack_StopCountingWithoutATokenThatNamesAnother()
    {
        (await JudgeAsync(Token())).Grant.Should().NotBeNull();
        _issuer.Withdraw(IssuerHere.FirstKey);

        _time.Advance(IssuerKeys.Fresh);

        (await JudgeAsync(Token())).Grant.Should().NotBeNull("nobody waits for the fetch");
        await Eventually.TrueAsync("the keys are fetched beside the requests", () => _issuer.KeyFetches == 2);
        await Eventually.FindAsync("a refusal of the key that was taken back", async () =>
            await JudgeAsync(Token()) is { Grant: null } refused ? refused : null
        );
    }

    [Fact]
    public async Task Keys_WhoseIssuerIsGone_CountForADay()
    {
        (await JudgeAsync(Token())).Grant.Should().NotBeNull();
        _issuer.Instead = static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);

        _time.Advance(IssuerKeys.Oldest - TimeSpan.FromSeconds(1));
        (await JudgeAsync(Token())).Grant.Should().NotBeNull();

        _time.Advance(TimeSpan.FromMinutes(1));
        (await JudgeAsync(Token())).Status.Should().Be(503);

        _issuer.Instead = null;
        _time.Advance(IssuerKeys.PauseAfterFailure);
        (await JudgeAsync(Token())).Grant.Should().NotBeNull();
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("too much")]
    [InlineData("no keys")]
    [InlineData("another's metadata")]
    public async Task Keys_ThatCannotBeHad_LetNobodyIn(string fault)
    {
        var other = $"{_issuer.Issuer}/.well-known/openid-configuration";
        _issuer.Padding = fault == "too much" ? IssuerDocuments.MaxBytes : 0;
        _issuer.WrongName = fault == "another's metadata" ? "https://evil.example" : null;
        _issuer.Instead = fault switch
        {
            "redirect" => context => Task.Run(() => context.Response.Redirect(other)),
            "no keys" => static context => context.Response.WriteAsync("{ \"keys\": 5 }"),
            _ => null,
        };

        var verdict = await JudgeAsync(Token());

        verdict.Status.Should().Be(503, fault);
        verdict.Refusal.Should().Contain("cannot be fetched");
    }

    [Fact]
    public async Task Keys_OfAnIssuerThatDoesNotAnswer_AreGivenUp()
    {
        var asked = new TaskCompletionSource();
        _issuer.Instead = context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var judging = JudgeAsync(Token());
        await asked.Task.WaitAsync(ServerProcess.HangGuard, Cancellation);

        _time.Advance(IssuerDocuments.Limit);

        (await judging).Status.Should().Be(503);
    }

    [Fact]
    public async Task Keys_AtANamedAddress_AreTakenFromThereAlone()
    {
        _issuer.WrongName = "nobody asks for this";
        Use(new OAuthSettings(_issuer.Issuer, [IssuerHere.Audience], new Uri($"{_issuer.Issuer}/keys"), ["see", "do", "all"]));

        (await JudgeAsync(Token(static claims => claims["scope"] = "all"))).Grant!.Scope.Should().Be(AccessScope.Admin);
    }

    private void Use(OAuthSettings settings)
    {
        _documents?.Dispose();
        _documents = new IssuerDocuments(settings, _time);
        _tokens = new IssuerTokens(settings, new IssuerKeys(_documents.FetchKeysAsync, _time, NullLogger.Instance), _time);
    }

    private Task<TokenVerdict> JudgeAsync(string token) => _tokens!.JudgeAsync(token, Cancellation);

    private string Token(Action<JsonObject>? claims = null, string key = IssuerHere.FirstKey, Action<JsonObject>? header = null) =>
        _issuer.Token(claims, key, header, _time.GetUtcNow());

    // With the same signature.
    private string Changed(string token)
    {
        var more = Token(static claims => claims["scope"] = "loop:admin").Split('.');
        return string.Join('.', more[0], more[1], token.Split('.')[2]);
    }
}
