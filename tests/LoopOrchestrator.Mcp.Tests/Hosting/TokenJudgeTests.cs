using System.Reflection;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class TokenJudgeTests : IDisposable
{
    private readonly TemporaryWorkspace _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Judge_ATokenThatCounts_KeepsNothingOfItsWord()
    {
        var (word, judgement) = await JudgeAsync(expires: null);

        judgement.StillCounts().Should().BeTrue();
        var kept = judgement.StillCounts.Target!;
        kept.GetType()
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => field.GetValue(kept) as string)
            .Should()
            .NotContain(word, "a session lives for days, and its token is nobody's to read from it");
    }

    [Fact]
    public async Task Judge_ATokenThatExpires_CountsUntilThen()
    {
        var (_, judgement) = await JudgeAsync(_time.GetUtcNow().AddHours(1));

        _time.Advance(TimeSpan.FromMinutes(59));
        judgement.StillCounts().Should().BeTrue();
        _time.Advance(TimeSpan.FromMinutes(1));
        judgement.StillCounts().Should().BeFalse();
    }

    private async Task<(string Word, Mcp.Pages.Access.TokenJudgement Judgement)> JudgeAsync(DateTimeOffset? expires)
    {
        var file = Path.Combine(_folder.Root, "tokens.json");
        var word = (await new UserTokens(file, _time).CreateAsync("me", AccessScope.Read, expires, Token)).Token;
        var judge = new TokenJudge(new TokenFile(file, Path.Combine(_folder.Root, "workspace"), static _ => { }, _time), issuer: null);
        return (word, await judge.JudgeAsync(word, Token));
    }
}
