using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Testing;

/// <summary>Commits by settings that count as seen wherever the workspace is trusted.</summary>
internal static class TrustedCommits
{
    private const string File = "mcp_startup.json";

    public static CommitService Of(WorkspacePaths paths, CommitSettings settings, WorkspaceTrust trust, TimeProvider time)
    {
        var redactor = Redactor.OfProcess([]);
        var seen = new ApprovedEntries(trust, null, () => new TrustedList(CommitTrust.Entries(settings, File)), redactor, time);
        return new CommitService(paths, settings, seen, File, redactor, time);
    }
}
