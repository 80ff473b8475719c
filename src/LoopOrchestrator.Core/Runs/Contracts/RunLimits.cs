namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>The limits that hold for every run of a workspace, from <c>limits</c> in <c>mcp_startup.json</c>.</summary>
public sealed record RunLimits
{
    /// <summary>The kept output of a run, when nothing else is configured: 16 MiB.</summary>
    public const long DefaultOutputBytes = 16 * 1024 * 1024;

    /// <summary>The longest time limit that a run may have, in seconds: a day.</summary>
    public const int MaxTimeoutSeconds = 86_400;

    /// <summary>How many runs with a process run at once (<c>concurrentRuns</c>); 1 to 64, 2 by default.</summary>
    public int ConcurrentRuns { get; init; } = 2;

    /// <summary>
    /// A run's time limit in seconds when neither the caller nor the schedule names one (<c>timeoutSeconds</c>); 1 to 86,400, 3,600 by
    /// default.
    /// </summary>
    public int TimeoutSeconds { get; init; } = 3600;

    /// <summary>Seconds without any first output after which a run is ended (<c>firstOutputSeconds</c>); off by default.</summary>
    public int? FirstOutputSeconds { get; init; }

    /// <summary>
    /// Seconds without any answer of a model after which a run is ended whose program prints nothing while it cannot reach one
    /// (<c>firstAnswerSeconds</c>); by default what the program's preset says.
    /// </summary>
    public int? FirstAnswerSeconds { get; init; }

    /// <summary>Seconds without further output after which a run is ended (<c>silenceSeconds</c>); off by default.</summary>
    public int? SilenceSeconds { get; init; }

    /// <summary>
    /// Seconds between the polite signal and the final one when a run is ended (<c>killGraceSeconds</c>); 0 to 60, 5 by default.
    /// </summary>
    public int KillGraceSeconds { get; init; } = 5;

    /// <summary>
    /// Whether a run whose server is gone is ended by the next one (<c>onServerLoss</c>: <c>end</c>) instead of going on under its
    /// supervisor (<c>keep</c>, the default).
    /// </summary>
    public bool EndsOnServerLoss { get; init; }

    /// <summary>
    /// Bytes of output kept for one run (<c>outputBytes</c>); what comes beyond is counted and dropped. 16 MiB by default.
    /// </summary>
    public long OutputBytes { get; init; } = DefaultOutputBytes;

    /// <summary>How often a run is tried at the most before it has failed (<c>maxAttempts</c>); 1 to 10, 3 by default.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>
    /// Seconds before the second attempt, doubled for each further one, with up to a quarter more by chance (<c>retryBaseSeconds</c>); 0 to
    /// 3,600, 10 by default.
    /// </summary>
    public int RetryBaseSeconds { get; init; } = 10;

    /// <summary>How many consecutive failures of a step escalate (<c>failuresToEscalate</c>); 1 to 10, 3 by default.</summary>
    public int FailuresToEscalate { get; init; } = 3;

    /// <summary>
    /// Seconds after which a hand-off waits again whose client is gone, or whose claim was not heard of (<c>leaseSeconds</c>); 10 to
    /// 86,400, 900 by default.
    /// </summary>
    public int LeaseSeconds { get; init; } = 900;

    /// <summary>How many runs may be asked for within an hour (<c>runsPerHour</c>); 1 to 10,000, 60 by default.</summary>
    public int RunsPerHour { get; init; } = 60;

    /// <summary>How many runs may wait at once (<c>queueLength</c>); 1 to 10,000, 100 by default.</summary>
    public int QueueLength { get; init; } = 100;

    /// <summary>How many days after its end the folder of a run is kept (<c>keepRunsDays</c>); 1 to 3,650, 30 by default.</summary>
    public int KeepRunsDays { get; init; } = 30;

    /// <summary>
    /// How many days after its end the database keeps the rows of a run, and of an occurrence: 30 by default, from 7 to 3,650, and in
    /// any case as long as <see cref="KeepRunsDays"/>.
    /// </summary>
    public int KeepRowsDays { get; init; } = 30;

    /// <summary>
    /// How many of the newest runs are kept, with rows and folders, also when older ones ended a short time ago (<c>keepRunsCount</c>);
    /// 1,000 to
    /// 10,000,000, 20,000 by default: two weeks at one run a minute.
    /// </summary>
    public int KeepRunsCount { get; init; } = 20_000;

    /// <summary>
    /// Bytes that the folders of all runs may have together; beyond, those of the oldest ended ones go (<c>keepRunsBytes</c>). 1 GiB by
    /// default.
    /// </summary>
    public long KeepRunsBytes { get; init; } = 1L << 30;

    /// <summary>What runs may cost (<c>budget</c> beside <c>limits</c>); without limit by default.</summary>
    public RunBudget Budget { get; init; } = new();
}
