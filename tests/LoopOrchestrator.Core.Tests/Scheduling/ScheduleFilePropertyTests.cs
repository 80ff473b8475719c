using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ScheduleFilePropertyTests
{
    private static readonly byte[] File = Encoding.UTF8.GetBytes(
        $$"""
        // é
        { "schedules": [ {{TestWorkspace.Every(
            10,
            more: "\"cron\":\"*/5 * * * *\",\"jitter\":\"PT5M\",\"maxLateness\":\"1:00:00\",\"selectedDays\":{\"mon\":true},\"expirationDate\":\"2030-01-01\",\"onlyIf\":[\"x\"]"
        )}},
          {{TestWorkspace.Every(90, "t", "\"startDate\":\"2026-01-01\",\"startHour\":\"05\",\"misfire\":\"all\",\"active\":\"true\"")}} ] }
        """
    );

    [Fact]
    public void Read_DamagedBytes_NeverThrowsAndEachFindingHasItsPlace()
    {
        var damaged = Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.Select(Gen.Int[0, File.Length - 1], Gen.Byte).Array[1, 6].Select(changes => Changed(changes, remove: 0)),
            Gen.Select(Gen.Int[0, File.Length - 1], FixedSample.OneOf("{}[]\",:0x-/*"u8.ToArray()))
                .Array[1, 6]
                .Select(changes => Changed(changes, remove: 0)),
            Gen.Select(Gen.Int[0, File.Length - 1], Gen.Int[1, 40]).Select((at, count) => Changed([(at, (byte)'x')], count))
        );
        FixedSample.Run(
            damaged,
            4000,
            bytes =>
            {
                var set = ScheduleFile.Read(bytes, "f", TimeZoneInfo.Utc);
                foreach (var diagnostic in set.Diagnostics)
                {
                    // Only a file without any text has no place to point at.
                    (diagnostic.Line is not null || string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')))
                        .Should()
                        .BeTrue(diagnostic.ToString());
                    diagnostic.Line.GetValueOrDefault(1).Should().BeInRange(1, bytes.Count(static value => value == (byte)'\n') + 1);
                    diagnostic.Column.GetValueOrDefault(1).Should().BePositive();
                }

                (set.IsReadable || set.Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
                    .Should()
                    .BeTrue("what is not read says why");
                foreach (var schedule in set.Schedules)
                {
                    NextOccurrence.NeverFires(schedule, TestSchedules.At("2026-03-02T00:00Z"));
                }
            },
            Convert.ToHexString
        );
    }

    private static byte[] Changed((int At, byte Value)[] changes, int remove)
    {
        var bytes = File.ToArray();
        foreach (var (at, value) in changes)
        {
            bytes[at] = value;
        }

        return remove == 0 ? bytes : [.. bytes[..changes[0].At], .. bytes[Math.Min(bytes.Length, changes[0].At + remove)..]];
    }
}
