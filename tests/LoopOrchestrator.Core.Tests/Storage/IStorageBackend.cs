using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Tests.Storage;

/// <summary>Opens the ports of one backend. The contract suites know no backend but by this.</summary>
internal interface IStorageBackend
{
    /// <summary>What is recorded of a workspace, as one more process has it.</summary>
    IStorage Open(WorkspacePaths paths, TimeProvider time);
}
