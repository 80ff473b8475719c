using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Reports;

namespace LoopOrchestrator.Core.Tests.Reports;

public sealed class ReportPeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 30, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("7d", "2026-02-22T23:30:00Z", "2026-03-01T23:30:00Z", "the last 7 days")]
    [InlineData("1d", "2026-02-28T23:30:00Z", "2026-03-01T23:30:00Z", "the last day")]
    [InlineData("today", "2026-03-01T00:00:00Z", "2026-03-01T23:30:00Z", "2026-03-01")]
    [InlineData("month", "2026-03-01T00:00:00Z", "2026-03-01T23:30:00Z", "2026-03")]
    [InlineData("2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02")]
    [InlineData("2025-12", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z", "2025-12")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "2024-02-29")]
    public void Parse_EachForm_IsAPeriodOfUtcThatEndsNowAtTheLatest(string text, string from, string to, string name) =>
        ReportPeriod.Parse(text, Now).Should().Be(new ReportPeriod(DateTimeOffset.Parse(from), DateTimeOffset.Parse(to), name));

    [Theory]
    [InlineData("", "'' is no period. Write*")]
    [InlineData("7", "'7' is no period. Write*")]
    [InlineData("-7d", "'-7d' is no period. Write*")]
    [InlineData("0d", "The period is '0d'; it may have 1 to 3660 days.")]
    [InlineData("9999d", "The period is '9999d'; it may have 1 to 3660 days.")]
    [InlineData("99999999999d", "'99999999999d' is no period. Write*")]
    [InlineData("2026-13", "'2026-13' is no period. Write*")]
    [InlineData("2025-02-29", "'2025-02-29' is no period. Write*")]
    [InlineData("0001-01", "'0001-01' is no period. Write*")]
    [InlineData("2026-04", "The period '2026-04' has not begun yet.")]
    [InlineData("2026-03-02", "The period '2026-03-02' has not begun yet.")]
    public void Parse_AnythingElse_SaysWhatToWrite(string text, string message)
    {
        var parse = () => ReportPeriod.Parse(text, Now);

        parse.Should().Throw<UserErrorException>().WithMessage(message);
    }
}
