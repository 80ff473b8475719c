using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class RequestRatesTests
{
    private static readonly AccessGrant Ann = new("1", "ann", AccessScope.Admin, expires: null);
    private static readonly AccessGrant Bob = new("2", "bob", AccessScope.Read, expires: null);

    [Fact]
    public void Take_BeyondTheLimit_RefusesThatCallerAlone()
    {
        using var rates = new RequestRates(perMinute: 6);

        rates.Take(Ann).Should().BeNull();
        rates.Take(Ann).Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
        rates.Take(Bob).Should().BeNull();
        rates.TakeRefused("10.0.0.1").Should().BeNull();
        rates.TakeRefused("10.0.0.1").Should().NotBeNull();
        rates.TakeOpen("10.0.0.1").Should().NotBeNull("it is the same address");
        rates.TakeOpen("10.0.0.2").Should().BeNull();
    }

    [Fact]
    public void Take_WithoutAWordOfTheUser_LimitsTokensAndRefusedAddressesOnly()
    {
        using var rates = new RequestRates(perMinute: null);

        Taken(() => rates.Take(Ann)).Should().BeInRange(1_000, 1_999);
        Taken(() => rates.TakeRefused("10.0.0.1")).Should().BeInRange(100, 199);
        Taken(() => rates.TakeOpen("10.0.0.1")).Should().Be(2_000);
    }

    [Fact]
    public void Take_WithoutALimit_RefusesNothing()
    {
        using var rates = new RequestRates(perMinute: 0);

        Taken(() => rates.Take(Ann)).Should().Be(2_000);
        Taken(() => rates.TakeRefused("10.0.0.1")).Should().Be(2_000);
    }

    [Fact]
    public void Take_OfMoreCallersThanAreKept_IsCountedTogether()
    {
        using var rates = new RequestRates(perMinute: 6);
        for (var i = 0; i < 4_096; i++)
        {
            rates.TakeRefused($"address-{i}");
        }

        rates.TakeRefused("one more").Should().BeNull();
        rates.TakeRefused("and another").Should().NotBeNull();
    }

    [Fact]
    public void Take_OfMoreSubjectsThanAreKept_IsCountedTogetherAndApartFromTokens()
    {
        using var rates = new RequestRates(perMinute: 6);
        for (var i = 0; i < 4_096; i++)
        {
            rates.Take(Subject($"subject-{i}"));
        }

        rates.Take(Subject("one more")).Should().BeNull();
        rates.Take(Subject("and another")).Should().NotBeNull("whom an issuer lets in cannot fill our memory");
        rates.Take(Ann).Should().BeNull("a token of ours always has its own");

        static AccessGrant Subject(string id) => new(id, id, AccessScope.Run, expires: null, OAuthSettings.StandardScopes);
    }

    [Fact]
    public void Take_OfOneCallerMore_ForgetsThoseThatHaveTheirOwnAgain()
    {
        using var rates = new RequestRates(perMinute: 600_000_000);
        for (var i = 0; i < 4_096; i++)
        {
            rates.TakeRefused($"address-{i}");
        }

        rates.TakeRefused("one more").Should().BeNull();

        rates.Count.Should().BeLessThan(4_096);
    }

    [Fact]
    public void Take_OfATokenBesideTooManyAddresses_IsCountedByItself()
    {
        using var rates = new RequestRates(perMinute: 6);
        for (var i = 0; i < 4_097; i++)
        {
            rates.TakeRefused($"address-{i}");
        }

        rates.TakeRefused("one more").Should().NotBeNull("those share what is left");
        rates.Take(Ann).Should().BeNull();
    }

    private static int Taken(Func<TimeSpan?> take) => Enumerable.Range(0, 2_000).TakeWhile(_ => take() is null).Count();
}
