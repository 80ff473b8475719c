using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Postgres.Database;
using LoopOrchestrator.Postgres.Stores;

namespace LoopOrchestrator.Postgres;

/// <summary>Everything that is recorded of one workspace, in a PostgreSQL database that several share. Safe for many threads.</summary>
internal sealed class PostgresStorage(PostgresDatabase database) : IStorage
{
    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    /// <param name="source">The connections, which outlive this.</param>
    /// <param name="workspace">The key of the workspace: the same on every node that works with it.</param>
    /// <param name="redactor">What takes credentials out of the texts that are kept for people.</param>
    public PostgresStorage(PostgresSource source, string workspace, Redactor redactor)
        : this(new PostgresDatabase(source, workspace, redactor)) { }

    /// <inheritdoc/>
    public IStorageHealth Health => database;

    /// <inheritdoc/>
    public IRunStore Runs { get; } = new PostgresRunStore(database);

    /// <inheritdoc/>
    public IAgentHoldStore AgentHolds { get; } = new PostgresAgentHoldStore(database);

    /// <inheritdoc/>
    public ILeaseStore Leases { get; } = new PostgresLeaseStore(database);

    /// <inheritdoc/>
    public IOccurrenceLedger Ledger { get; } = new PostgresOccurrenceLedger(database);

    /// <inheritdoc/>
    public IPauseStore Pauses { get; } = new PostgresPauseStore(database);

    /// <inheritdoc/>
    public ICycleStore Cycles { get; } = new PostgresCycleStore(database);

    /// <inheritdoc/>
    public IEscalationStore Escalations { get; } = new PostgresEscalationStore(database);

    /// <inheritdoc/>
    public INoticeStore Notices { get; } = new PostgresNoticeStore(database);

    /// <inheritdoc/>
    public IAcknowledgementStore Acknowledgements { get; } = new PostgresAcknowledgementStore(database);

    /// <inheritdoc/>
    public IIncidentStore Incidents { get; } = new PostgresIncidentStore(database);

    /// <inheritdoc/>
    public IServerStore Servers { get; } = new PostgresServerStore(database);

    /// <inheritdoc/>
    public IRequestStore Requests { get; } = new PostgresRequestStore(database);

    /// <inheritdoc/>
    public IRetentionStore Retention { get; } = new PostgresRetentionStore(database);

    /// <inheritdoc/>
    public IStateTransfer Transfer { get; } = new PostgresStateTransfer(database);

    /// <summary>Lets go of what is its own.</summary>
    public void Dispose() => database.Dispose();
}
