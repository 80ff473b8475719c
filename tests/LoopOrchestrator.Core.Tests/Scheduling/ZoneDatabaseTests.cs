using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ZoneDatabaseTests
{
    // The file, its first lines, the day on which it was written, and what is shown.
    [Theory]
    [InlineData("tzdata.zi", "# version 2026b\n# This zic input file is in the public domain.\n", "2026-04-02", "2026b (2026-04-02)")]
    [InlineData("+VERSION", "2025c\n", "2025-12-11", "2025c (2025-12-11)")]
    [InlineData("version", "2024a", "2024-02-01", "2024a (2024-02-01)")]
    [InlineData("tzdata.zi", "# version 2025b-dirty\n", "2025-03-23", "2025b (2025-03-23)")]
    [InlineData("tzdata.zi", "# version 2025b\n", "1970-01-01", "2025b (2025-12-31)")]
    [InlineData("tzdata.zi", "# version 2025b\n", "2026-11-01", "2025b (2025-12-31)")]
    [InlineData("tzdata.zi", "# version unknown\n", "2026-04-02", "unknown")]
    [InlineData("leap-seconds.list", "#\tUpdated through IERS Bulletin C\n", "2026-01-08", "unknown, of 2026-01-08")]
    [InlineData("leapseconds", "# Allowance for leap seconds\n", "1970-01-01", "unknown")]
    [InlineData("zone.tab", "# tzdb timezone descriptions 2020a\n", "2026-01-08", "unknown")]
    public void Find_WhateverTells_IsVersionAndDay(string file, string content, string written, string shown)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(file), content);
        File.SetLastWriteTimeUtc(folder.File(file), TestSchedules.At(written + "T00:00Z").UtcDateTime);

        var found = ZoneDatabase.Find(folder.FullPath);

        found.ToString().Should().Be(shown);
        found.From.Should().Be(shown == "unknown" ? null : folder.File(file));
    }

    [Theory]
    [InlineData("2025-11-28", false)]
    [InlineData("2025-11-27", true)]
    [InlineData(null, false)]
    public void Warning_OlderThanAYear_SaysWhatToDo(string? date, bool warns)
    {
        var zones = new ZoneDatabase("2025b", date is null ? null : DateOnly.ParseExact(date, "yyyy-MM-dd"), null);

        (zones.Warning(TestSchedules.At("2026-11-29T00:00Z"))?.Contains("2025b") ?? false).Should().Be(warns);
    }

    [Fact]
    public void Find_ThisMachine_KnowsItsVersionOrSaysSo() =>
        ZoneDatabase.Find().ToString().Should().MatchRegex("^(20[0-9]{2}[a-z]|unknown)");
}
