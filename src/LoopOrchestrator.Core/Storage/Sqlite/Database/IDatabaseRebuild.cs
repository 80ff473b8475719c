using LoopOrchestrator.Core.Errors;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>How an empty database is filled in the place of one that was lost.</summary>
internal interface IDatabaseRebuild
{
    /// <summary>Whether there are folders of runs to rebuild from: work was started here before.</summary>
    bool HasTraces();

    /// <summary>
    /// Whether the time log tells of runs: where there is nothing else, all of the state was removed, or the workspace is a fresh clone.
    /// </summary>
    bool HasWitness();

    /// <summary>Fills an empty database in one transaction. It can be done again when it was cut short.</summary>
    /// <exception cref="UserErrorException">What it is filled with cannot be read.</exception>
    RebuiltState Fill(SqliteConnection connection);
}
