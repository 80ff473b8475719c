namespace LoopOrchestrator.Core.Runs;

/// <summary>The limits that hold for every run of a workspace, from <c>limits</c> in <c>mcp_startup.json</c>.</summary>
public sealed record RunLimits
{
    /// <summary>The kept output of a run, when nothing else is configured: 16 MiB.</summary>
    public const long DefaultOutputBytes = 16 * 1024 * 1024;

    /// <summary>How many runs with a process run at once (<c>concurrentRuns</c>); 1 to 64, 2 by default.</summary>
    public int ConcurrentRuns { get; init; } = 2;

    /// <summary>A run's time limit in seconds when neither the caller nor the schedule names one (<c>timeoutSeconds</c>); 1 to 86,400, 3,600 by default.</summary>
    public int TimeoutSeconds { get; init; } = 3600;

    /// <summary>Seconds without any first output after which a run is ended (<c>firstOutputSeconds</c>); off by default.</summary>
    public int? FirstOutputSeconds { get; init; }

    /// <summary>Seconds without further output after which a run is ended (<c>silenceSeconds</c>); off by default.</summary>
    public int? SilenceSeconds { get; init; }

    /// <summary>Seconds between the polite signal and the final one when a run is ended (<c>killGraceSeconds</c>); 0 to 60, 5 by default.</summary>
    public int KillGraceSeconds { get; init; } = 5;

    /// <summary>
    /// Whether a run whose server is gone is ended by the next one (<c>onServerLoss</c>: <c>end</c>) instead of going on under its
    /// supervisor (<c>keep</c>, the default).
    /// </summary>
    public bool EndsOnServerLoss { get; init; }

    /// <summary>Bytes of output kept for one run (<c>outputBytes</c>); what comes beyond is counted and dropped. 16 MiB by default.</summary>
    public long OutputBytes { get; init; } = DefaultOutputBytes;
}
