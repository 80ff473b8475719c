using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>The time zones that schedules are due by.</summary>
/// <param name="Local">The machine's zone, which counts where a schedule names none.</param>
/// <param name="Version">The version of the zone data, <c>unknown</c> where it cannot be found out.</param>
/// <param name="Date">The day that its age is counted from.</param>
/// <param name="From">The file that tells both.</param>
internal sealed record InfoZones(string Local, string Version, string? Date, string? From)
{
    public static InfoZones Of(ZoneDatabase zones) =>
        new(TimeZoneInfo.Local.Id, zones.Version ?? "unknown", zones.Date?.ToString("yyyy-MM-dd", null), zones.From);

    /// <summary>As <c>doctor</c> prints it.</summary>
    public override string ToString() => $"{Version}{(Date is null ? "" : $" ({Date})")}; this machine's zone is {Local}";
}
