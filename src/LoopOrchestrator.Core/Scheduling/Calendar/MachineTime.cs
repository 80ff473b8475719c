namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// The machine's clock, with the machine's zone as it is now. The framework keeps the zone and the zone data that it has read first for as
/// long as the process lives; a server outlives a journey and an update of the zone data.
/// </summary>
/// <remarks>Looks at the file system at most once a second, and has the framework read anew for the whole process. Thread safe.</remarks>
public sealed class MachineTime : TimeProvider
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private readonly string _localtime;
    private readonly Lock _gate = new();
    private string? _stamp;
    private long _refreshed;

    /// <summary>The clock of this machine.</summary>
    public MachineTime()
        : this(ZoneDatabase.LocalZoneFile()) { }

    internal MachineTime(string localtime) => _localtime = localtime;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone
    {
        get
        {
            lock (_gate)
            {
                if (_stamp is null || GetElapsedTime(_refreshed) >= RefreshInterval)
                {
                    Refresh();
                }

                return TimeZoneInfo.Local;
            }
        }
    }

    /// <summary>Has the framework read anew where something has changed; true then.</summary>
    internal bool Refresh()
    {
        lock (_gate)
        {
            _refreshed = GetTimestamp();
            var stamp = $"{StampOf(_localtime)} {StampOf(ZoneDatabase.Folder())}";
            var changed = _stamp is not null && stamp != _stamp;
            _stamp = stamp;
            if (changed)
            {
                TimeZoneInfo.ClearCachedData();
            }

            return changed;
        }
    }

    // Which file it is in the end, and when that was written: a link that leads elsewhere, a file that was replaced, a file written over.
    private static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return $"{target.FullName}:{target.LastWriteTimeUtc.Ticks}:{(target is FileInfo { Exists: true } known ? known.Length : 0)}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
