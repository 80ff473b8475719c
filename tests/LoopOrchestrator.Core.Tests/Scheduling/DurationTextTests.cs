using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90", 5400)]
    [InlineData("1.5", 90)]
    [InlineData("0", 0)]
    [InlineData("01:30:00", 5400)]
    [InlineData("1:30:00", 5400)]
    [InlineData("2.00:00:30", 172_830)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("P1DT0.5S", 86_400.5)]
    [InlineData("P2W", 1_209_600)]
    public void TryParse_AllowedForms_AreRead(string text, double seconds)
    {
        DurationText.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("1:30")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1M")]
    [InlineData("PT99999999H")]
    [InlineData("999999999999")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("soon")]
    public void TryParse_AnythingElse_IsRefused(string text) => DurationText.TryParse(text, out _).Should().BeFalse();
}
