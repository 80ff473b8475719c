using System.Globalization;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// How old the zone data of this machine is. Governments change their clocks with a few months' notice: with old data a schedule fires an
/// hour off, and nothing tells.
/// </summary>
/// <param name="Version">The version, such as <c>2026b</c>; <see langword="null"/> where none is to be found.</param>
/// <param name="Date">The day that its age is counted from; <see langword="null"/> where nothing tells.</param>
/// <param name="From">The file that tells both; <see langword="null"/> where none does.</param>
public sealed partial record ZoneDatabase(string? Version, DateOnly? Date, string? From)
{
    private const int MaxAgeDays = 366;
    private const int MaxHeadLength = 200;

    // Where systems keep it; TZDIR goes before, as for the C library and the framework.
    private static readonly string[] Folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

    // By where a version stands in each: alone, in the comment of the first line, or in a list that has only a date.
    private static readonly string[] Tellers = ["+VERSION", "version", "VERSION", "tzdata.zi", "leap-seconds.list", "leapseconds"];

    [GeneratedRegex(@"\b(?<year>(19|20)[0-9]{2})(?<letter>[a-z]{1,2})\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex VersionPattern { get; }

    /// <summary>What this machine has.</summary>
    public static ZoneDatabase Find() => OperatingSystem.IsWindows() ? new ZoneDatabase(null, null, null) : Find(Folder());

    /// <summary>The version and its day as one text.</summary>
    public override string ToString() =>
        (Version, Date) switch
        {
            ({ } version, { } date) => $"{version} ({Show(date)})",
            ({ } version, null) => version,
            (null, { } date) => $"unknown, of {Show(date)}",
            _ => "unknown",
        };

    /// <summary>What to do about data that is older than a year; <see langword="null"/> when it is not, or nothing tells.</summary>
    public string? Warning(DateTimeOffset now) =>
        Date is { } date && DateOnly.FromDateTime(now.UtcDateTime).DayNumber - date.DayNumber > MaxAgeDays
            ? $"The zone data of this machine is {this}, older than a year: where clocks are set by another rule since then, schedules "
                + "fire an hour off. Update it (the package is often called tzdata), or the image that this runs in."
            : null;

    /// <summary>The folder of the zones.</summary>
    internal static string Folder() =>
        Environment.GetEnvironmentVariable("TZDIR") is { Length: > 0 } named ? named : Array.Find(Folders, Directory.Exists) ?? Folders[0];

    /// <summary>The file that says which zone is the machine's.</summary>
    internal static string LocalZoneFile() =>
        Environment.GetEnvironmentVariable("TZ")?.TrimStart(':') is { Length: > 0 } zone ? Path.Combine(Folder(), zone) : "/etc/localtime";

    internal static ZoneDatabase Find(string folder)
    {
        foreach (var file in Tellers.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            try
            {
                if (Read(file) is { } found)
                {
                    return found;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next one may tell.
            }
        }

        return new ZoneDatabase(null, null, null);
    }

    private static ZoneDatabase? Read(string file)
    {
        var written = DateOnly.FromDateTime(File.GetLastWriteTimeUtc(file));
        if (Path.GetFileName(file).StartsWith("leap", StringComparison.Ordinal))
        {
            return IsPlausible(written) ? new ZoneDatabase(null, written, file) : null;
        }

#pragma warning disable RS0030 // A file of the system's, in no workspace; its first characters only.
        using var reader = new StreamReader(file);
#pragma warning restore RS0030
        var head = new char[MaxHeadLength];
        var line = new string(head, 0, reader.ReadBlock(head, 0, head.Length)).Split('\n')[0];
        if (VersionPattern.Match(line) is not { Success: true } match)
        {
            return null;
        }

        // The day is in none of the files. Packages keep the one on which theirs was made; where it cannot be that (a copy of today, a
        // build that sets all times to one), the version was made by the end of its year at the latest.
        var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
        var latest = new DateOnly(year, 12, 31);
        return new ZoneDatabase(match.Value, written.Year == year ? written : latest, file);
    }

    private static bool IsPlausible(DateOnly date) => date.Year is > 2000 and < 9999;

    private static string Show(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
