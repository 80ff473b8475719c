using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Audit;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>The log of what was done over HTTP.</summary>
/// <param name="File">The file that is written, relative to the workspace.</param>
/// <param name="Files">How many files there are, with those that it was before.</param>
/// <param name="Bytes">How large they are together.</param>
/// <param name="Writable">Whether a server could write it.</param>
/// <param name="Problem">Why not.</param>
internal sealed record DoctorAuditLog(string File, int Files, long Bytes, bool Writable, string? Problem)
{
    public static DoctorAuditLog Of(WorkspacePaths paths)
    {
        var log = AuditLog.Of(paths);
        var problem = log.FindProblem();
        return new DoctorAuditLog(
            paths.Display(log.CurrentFile),
            log.Files.Count,
            log.Files.Sum(static file => file.Length),
            problem is null,
            problem
        );
    }

    /// <summary>As a line for people.</summary>
    public override string ToString() =>
        (
            Files == 0
                ? $"{File}: not there yet, an HTTP server makes it"
                : FormattableString.Invariant($"{File}: {Files} file(s), {Bytes:N0} bytes")
        ) + (Problem is null ? "; can be written" : $"; cannot be written: {Problem}");
}
