using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>The instants of a progression in a stretch of time, in UTC ticks.</summary>
/// <param name="Progression">The instants.</param>
/// <param name="After">The start of the stretch, exclusive.</param>
/// <param name="Until">Its end, inclusive.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OccurrenceSegment(IProgression Progression, long After, long Until)
{
    public static OccurrenceSegment Single(long instant) =>
        new(new ElapsedProgression(instant, TimeSpan.TicksPerDay), instant - 1, instant);

    public OccurrenceSegment Clip(long after, long until) => new(Progression, Math.Max(After, after), Math.Min(Until, until));

    public long Count() => Until <= After ? 0 : Progression.IndexAt(Until) - Progression.IndexAt(After);

    public long? Last() =>
        Until > After && Progression.IndexAt(Until) is >= 0 and var index && Progression.InstantAt(index) is { } last && last > After
            ? last
            : null;

    public IEnumerable<long> Instants()
    {
        var reached = After;
        for (var index = Progression.IndexAt(After) + 1; Progression.InstantAt(index) is { } instant && instant <= Until; index++)
        {
            // Two days can share an instant where a zone left a whole day out.
            if (instant > reached)
            {
                yield return reached = instant;
            }
        }
    }
}
