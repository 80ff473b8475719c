using System.Globalization;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// The search for due moments was given one that lies on the wrong side of where it had come to, so it would never end. A mistake in
/// the rule or the zone, or of ours; what is asked for cannot be told.
/// </summary>
internal sealed class StandstillException(long from, long found)
    : UserErrorException(
        $"its due moments do not go on: after {Show(from)} came {Show(found)}. Write its cron expression or its timeZone another way, "
            + "and report this with both"
    )
{
    /// <summary>The same moment or time, where it lies behind the one that was reached.</summary>
    public static long Later(long reached, long found) => found > reached ? found : throw new StandstillException(reached, found);

    /// <summary>The same moment or time, where it does not lie behind the one that was reached.</summary>
    public static long NotLater(long reached, long found) => found <= reached ? found : throw new StandstillException(reached, found);

    private static string Show(long ticks) =>
        new DateTime(ZoneTime.Clamp(ticks)).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
