namespace LoopOrchestrator.Core.Logs;

/// <summary>
/// The ids of all log events, of the server and of this assembly. Operators filter by them: a number is never given to another event,
/// and one that is no longer used is not given again. docs/contracts.md says what to do about each, and a test compares the two.
/// </summary>
public static class LogEvents
{
    // The server, its transports and its clients.

    /// <summary>The server accepts clients over HTTP.</summary>
    public const int Serving = 100;

    /// <summary>The token file has a new token.</summary>
    public const int TokenChanged = 101;

    /// <summary>The token file has changed and cannot be used.</summary>
    public const int TokenNotRead = 102;

    /// <summary>A client over stdio sent a line beyond the limit.</summary>
    public const int LineTooLong = 103;

    /// <summary>An HTTP request ended by a mistake of ours.</summary>
    public const int RequestFailed = 104;

    /// <summary>A tool ended by a mistake of ours.</summary>
    public const int ToolFailed = 105;

    /// <summary>It could not be recorded that a client is gone.</summary>
    public const int ClientEndNotRecorded = 106;

    /// <summary>This process no longer fires or starts anything.</summary>
    public const int WorkspaceLoopEnded = 107;

    /// <summary>The audit log has a gap.</summary>
    public const int AuditNotWritten = 108;

    /// <summary>Another certificate counts.</summary>
    public const int CertificateChanged = 109;

    /// <summary>The certificate was replaced and cannot be used.</summary>
    public const int CertificateNotRead = 110;

    /// <summary>A server of several workspaces serves one of the others.</summary>
    public const int WorkspaceOpened = 111;

    /// <summary>A server of several workspaces cannot serve one of them.</summary>
    public const int WorkspaceNotOpened = 112;

    /// <summary>A resource could not be read by a mistake of ours.</summary>
    public const int ResourceFailed = 115;

    /// <summary>It could not be looked whether a resource has changed, by a mistake of ours.</summary>
    public const int ResourceCheckFailed = 116;

    /// <summary>It could not be looked what open pages of the dashboard are to be told.</summary>
    public const int PagesNotTold = 117;

    /// <summary>Access tokens of an issuer cannot be looked at.</summary>
    public const int IssuerKeysNotFetched = 190;

    /// <summary>They can again.</summary>
    public const int IssuerKeysFetched = 191;

    // Runs and hand-offs.

    /// <summary>A run began.</summary>
    public const int RunStarted = 200;

    /// <summary>A run ended, in whatever state.</summary>
    public const int RunEnded = 201;

    /// <summary>A run cannot start and waits.</summary>
    public const int RunHeld = 202;

    /// <summary>A run has a fifth of its time left.</summary>
    public const int RunNearDeadline = 203;

    /// <summary>A run that was taken and not begun waits again.</summary>
    public const int RunPutBack = 204;

    /// <summary>The files or the database of one run cannot be read.</summary>
    public const int RunCheckFailed = 205;

    /// <summary>A time row, memory entry or item of an ended run is not written yet.</summary>
    public const int RunRecordPending = 206;

    /// <summary>A supervisor did not end its run in time.</summary>
    public const int RunLongOverdue = 207;

    /// <summary>Processes of a run whose supervisor died go on.</summary>
    public const int RunProcessesRemain = 208;

    /// <summary>An outcome was put into the folder of a run.</summary>
    public const int RunForeignOutcome = 209;

    /// <summary>The lease of a hand-off could not be renewed.</summary>
    public const int LeaseRenewFailed = 210;

    // Schedules and the loop that fires them.

    /// <summary>A due moment became a run.</summary>
    public const int ScheduleFired = 300;

    /// <summary>A due moment ended without a run.</summary>
    public const int ScheduleNotFired = 301;

    /// <summary>A due moment could not become a run.</summary>
    public const int ScheduleRefused = 302;

    /// <summary>One schedule could not be checked.</summary>
    public const int ScheduleCheckFailed = 303;

    /// <summary>The clock went back by more than a minute.</summary>
    public const int ClockSetBack = 304;

    /// <summary>A batch of due moments was entered one by one.</summary>
    public const int ScheduleBatchFailed = 305;

    /// <summary>The check of a schedule cannot start and waits.</summary>
    public const int OnlyIfHeld = 306;

    /// <summary>The folder of a check stays.</summary>
    public const int OnlyIfFolderNotRemoved = 307;

    /// <summary>The search for the due moments of one schedule does not go on.</summary>
    public const int ScheduleStandsStill = 308;

    /// <summary>The machine's zone, or what is known of it, is another one than before.</summary>
    public const int LocalZoneChanged = 309;

    /// <summary>This process fires from now on.</summary>
    public const int SchedulerLockTaken = 310;

    /// <summary>The loop met a mistake of ours and goes on.</summary>
    public const int SchedulerFailed = 311;

    /// <summary>The loop cannot work and tries again.</summary>
    public const int SchedulerRefused = 312;

    /// <summary>The end of a hold of the scheduler lock is not recorded.</summary>
    public const int SessionEndNotRecorded = 313;

    /// <summary>Commands, addresses or permissions wait for trust.</summary>
    public const int EntriesHeldBack = 314;

    /// <summary>What was held back may go on.</summary>
    public const int NothingHeldBack = 315;

    /// <summary>Changes of a folder are found by looking only.</summary>
    public const int FolderNotWatched = 316;

    // Cycles.

    /// <summary>A cycle began.</summary>
    public const int CycleStarted = 400;

    /// <summary>One cycle cannot go on at the moment.</summary>
    public const int CycleFailed = 401;

    /// <summary>No cycle can go on at the moment.</summary>
    public const int CyclesRefused = 402;

    /// <summary>The loop of cycles met a mistake of ours and goes on.</summary>
    public const int CyclesFailed = 403;

    // The state database, and what is removed when it is old.

    /// <summary>The database was damaged.</summary>
    public const int StateSetAside = 500;

    /// <summary>The database was made anew from the files.</summary>
    public const int StateRebuilt = 501;

    /// <summary>The state folder was removed under a process, and its database was put back.</summary>
    public const int StatePutBack = 502;

    /// <summary>There is no state although the time log tells of runs.</summary>
    public const int StateMissing = 503;

    /// <summary>Folders of old runs were removed.</summary>
    public const int RunsRemoved = 510;

    /// <summary>Rows of old runs were removed.</summary>
    public const int RunRowsRemoved = 511;

    /// <summary>A month of the time log moved to its file.</summary>
    public const int TimingMonthMoved = 512;

    /// <summary>Months that are over stay in the time log.</summary>
    public const int TimingMonthsStay = 513;

    /// <summary>Old runs could not be removed.</summary>
    public const int RunsNotRemoved = 514;

    // Escalations.

    /// <summary>A step failed too often in a row and stops.</summary>
    public const int Escalated = 600;

    /// <summary>The memory entry of an escalation is not written yet.</summary>
    public const int EscalationEntryPending = 601;

    /// <summary>The command or webhook of escalations failed.</summary>
    public const int EscalationNoticeFailed = 602;

    /// <summary>The command or webhook of escalations waits.</summary>
    public const int EscalationNoticeHeld = 603;

    /// <summary>A notice was cut short and is sent again.</summary>
    public const int EscalationNoticeInterrupted = 604;

    /// <summary>The address that is called while all is well could not be called.</summary>
    public const int DeadManNotCalled = 610;

    /// <summary>A notice of an incident was not taken.</summary>
    public const int NoticeFailed = 611;

    /// <summary>A notice of an incident waits.</summary>
    public const int NoticeHeld = 612;

    /// <summary>A notice of an incident was cut short and is delivered again.</summary>
    public const int NoticeInterrupted = 613;

    /// <summary>What is wrong could not be read.</summary>
    public const int IncidentsNotRead = 614;

    /// <summary>Traces and metrics are sent from now on.</summary>
    public const int TelemetrySends = 620;

    /// <summary>Traces or metrics were not taken.</summary>
    public const int TelemetryNotSent = 621;

    /// <summary>The figures to be sent could not be read.</summary>
    public const int TelemetryNotMeasured = 622;

    /// <summary>The trace of a run could not be read.</summary>
    public const int RunNotTraced = 623;
}
