using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Recovery;

/// <summary>Whether a workspace has lost its state while nobody worked with it. Looks at files, and changes nothing.</summary>
public static class LostState
{
    /// <summary>What is said of it; <see langword="null"/> where nothing is lost.</summary>
    public static string? Find(WorkspacePaths paths, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return !Path.Exists(paths.State) && new RunFolderRebuild(paths, time).HasWitness() ? DamageNotes.DescribeMissing(paths) : null;
    }
}
