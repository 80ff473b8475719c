using System.Globalization;

namespace LoopOrchestrator.Mcp.Hosting.Connections;

/// <summary>How many connections the HTTP server holds, and how long one may take to say what it wants.</summary>
/// <param name="Places">The most connections at a time.</param>
/// <param name="PlacesPerPeer">The most of them that one address may hold.</param>
/// <param name="HeadTimeout">How long a connection may take from being opened to the end of its first request head.</param>
internal sealed record ConnectionLimits(int Places, int PlacesPerPeer, TimeSpan HeadTimeout)
{
    /// <summary>Places where nothing else limits them.</summary>
    public const int DefaultPlaces = 512;

    /// <summary>The fewest places.</summary>
    public const int MinPlaces = 8;

    /// <summary>How long a request head may take, the first of a connection or a later one.</summary>
    public static readonly TimeSpan MaxHeadTime = TimeSpan.FromSeconds(10);

    private const string LinuxLimits = "/proc/self/limits";
    private const string OpenFilesRow = "Max open files";

    /// <summary>
    /// What this process may hold: as many as are wanted, or a quarter of its open files where that is less, so that
    /// connections can never take the files that runs and the database need.
    /// </summary>
    public static ConnectionLimits OfThisProcess(int wanted) => For(OpenFileLimit(), wanted);

    /// <summary>The limits under a limit of open files.</summary>
    /// <param name="openFiles">
    /// How many files the process may have open; <see langword="null"/> when it is not known or not limited.
    /// </param>
    /// <param name="wanted">How many the user wants.</param>
    public static ConnectionLimits For(long? openFiles, int wanted = DefaultPlaces)
    {
        var places = (int)Math.Clamp((openFiles ?? long.MaxValue) / 4, MinPlaces, wanted);
        return new ConnectionLimits(places, places / 2, MaxHeadTime);
    }

    private static long? OpenFileLimit()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // "Max open files            1024                 524288               files": the soft limit comes first (proc(5)).
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
        var row = File.ReadLines(LinuxLimits).FirstOrDefault(static line => line.StartsWith(OpenFilesRow, StringComparison.Ordinal));
#pragma warning restore RS0030
        var words = row?[OpenFilesRow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 0 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
