using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Tests.Text;

public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData(0, "now")]
    [InlineData(-0.4, "now")]
    [InlineData(-59, "59 s ago")]
    [InlineData(-480, "8 min ago")]
    [InlineData(240, "in 4 min")]
    [InlineData(7200, "in 2 h")]
    [InlineData(-172_800, "2 d ago")]
    public void Of_AMoment_IsWholeUnitsRoundedTowardsNow(double seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

        RelativeTime.Of(now.AddSeconds(seconds), now).Should().Be(expected);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(30, "0 s")]
    [InlineData(-59.9, "59 s")]
    [InlineData(-480, "8 min")]
    [InlineData(-7200, "2 h")]
    [InlineData(-172_800, "2 d")]
    public void Since_AMoment_IsHowLongItGoesOn(double seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

        RelativeTime.Since(now.AddSeconds(seconds), now).Should().Be(expected);
    }

    [Theory]
    [InlineData(10, "0 s")]
    [InlineData(-59.9, "59 s")]
    [InlineData(-480, "8 min")]
    [InlineData(-7200, "2 h")]
    [InlineData(-15_120, "4 h 12 min")]
    [InlineData(-273_600, "3 d 4 h")]
    [InlineData(-259_300, "3 d")]
    public void InTwoUnits_AMoment_IsHowLongItGoesOn(double seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

        RelativeTime.InTwoUnits(now.AddSeconds(seconds), now).Should().Be(expected);
    }
}
