using LoopOrchestrator.Core.Errors;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.State;

/// <summary>What of a workspace is left when its database is lost, and how an empty one is filled with it.</summary>
public interface IStateRebuild
{
    /// <summary>Whether there is anything to rebuild from: work was started here before.</summary>
    bool HasTraces();

    /// <summary>Fills an empty database in one transaction. It reads only files, so it can be done again when it was cut short.</summary>
    /// <exception cref="UserErrorException">The files cannot be read.</exception>
    RebuiltState Fill(SqliteConnection connection);
}
