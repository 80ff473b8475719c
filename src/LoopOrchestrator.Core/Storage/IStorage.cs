using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Storage;

/// <summary>
/// Everything that is recorded of one workspace, by the port of each feature. All ports of one storage see each other's changes. A backend
/// is one implementation of this; the contract suites of the tests say what it has to do.
/// </summary>
internal interface IStorage : IDisposable
{
    /// <summary>Whether it can be relied on.</summary>
    IStorageHealth Health { get; }

    /// <summary>The runs.</summary>
    IRunStore Runs { get; }

    /// <summary>The agents whose runs are held back.</summary>
    IAgentHoldStore AgentHolds { get; }

    /// <summary>The leases of hand-offs.</summary>
    ILeaseStore Leases { get; }

    /// <summary>The ledger of occurrences.</summary>
    IOccurrenceLedger Ledger { get; }

    /// <summary>The pauses of schedules.</summary>
    IPauseStore Pauses { get; }

    /// <summary>The cycles.</summary>
    ICycleStore Cycles { get; }

    /// <summary>The escalations.</summary>
    IEscalationStore Escalations { get; }

    /// <summary>The notices of escalations.</summary>
    INoticeStore Notices { get; }

    /// <summary>What a person has seen.</summary>
    IAcknowledgementStore Acknowledgements { get; }

    /// <summary>The incidents, and who is told of them.</summary>
    IIncidentStore Incidents { get; }

    /// <summary>The server processes.</summary>
    IServerStore Servers { get; }

    /// <summary>The calls with a request id.</summary>
    IRequestStore Requests { get; }

    /// <summary>The removal of what is old.</summary>
    IRetentionStore Retention { get; }

    /// <summary>All of it as one file.</summary>
    IStateTransfer Transfer { get; }
}
