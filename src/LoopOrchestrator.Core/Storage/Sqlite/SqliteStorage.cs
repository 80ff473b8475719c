using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Storage.Sqlite;

/// <summary>Everything that is recorded of one workspace, in its SQLite database. Safe for many threads.</summary>
internal sealed class SqliteStorage(StateDatabase database) : IStorage
{
    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    public SqliteStorage(
        WorkspacePaths paths,
        IStateRebuild rebuild,
        Redactor redactor,
        TimeProvider time,
        ILogger<StateDatabase>? logger = null
    )
        : this(OpenDatabase(paths, rebuild, redactor, time, logger)) { }

    /// <summary>The database.</summary>
    public StateDatabase Database => database;

    /// <inheritdoc/>
    public IStorageHealth Health => database;

    /// <inheritdoc/>
    public IRunStore Runs { get; } = new SqliteRunStore(database);

    /// <inheritdoc/>
    public IAgentHoldStore AgentHolds { get; } = new SqliteAgentHoldStore(database);

    /// <inheritdoc/>
    public ILeaseStore Leases { get; } = new SqliteLeaseStore(database);

    /// <inheritdoc/>
    public IOccurrenceLedger Ledger { get; } = new SqliteOccurrenceLedger(database);

    /// <inheritdoc/>
    public IPauseStore Pauses { get; } = new SqlitePauseStore(database);

    /// <inheritdoc/>
    public ICycleStore Cycles { get; } = new SqliteCycleStore(database);

    /// <inheritdoc/>
    public IEscalationStore Escalations { get; } = new SqliteEscalationStore(database);

    /// <inheritdoc/>
    public INoticeStore Notices { get; } = new SqliteNoticeStore(database);

    /// <inheritdoc/>
    public IAcknowledgementStore Acknowledgements { get; } = new SqliteAcknowledgementStore(database);

    /// <inheritdoc/>
    public IIncidentStore Incidents { get; } = new SqliteIncidentStore(database);

    /// <inheritdoc/>
    public IServerStore Servers { get; } = new SqliteServerStore(database);

    /// <inheritdoc/>
    public IRequestStore Requests { get; } = new SqliteRequestStore(database);

    /// <inheritdoc/>
    public IRetentionStore Retention { get; } = new SqliteRetentionStore(database);

    /// <inheritdoc/>
    public IStateTransfer Transfer { get; } = new SqliteStateTransfer(database);

    /// <summary>The database alone, which is filled from the files of the workspace where it was lost.</summary>
    public static StateDatabase OpenDatabase(
        WorkspacePaths paths,
        IStateRebuild rebuild,
        Redactor? redactor = null,
        TimeProvider? time = null,
        ILogger<StateDatabase>? logger = null,
        TimeSpan? busyLimit = null
    ) =>
        new(
            paths,
            new StateRebuild(rebuild, time ?? TimeProvider.System),
            redactor ?? Redactor.OfProcess([]),
            time,
            logger,
            busyLimit ?? StateDatabase.BusyLimit
        );

    /// <summary>Closes the database.</summary>
    public void Dispose() => database.Dispose();
}
