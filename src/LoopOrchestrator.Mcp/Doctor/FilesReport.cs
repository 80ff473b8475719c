using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>What <c>doctor --files --json</c> prints.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Errors">How many errors there are in all of them.</param>
/// <param name="Files">The files that look like a workspace's.</param>
internal sealed record FilesReport(string Folder, int Errors, IReadOnlyList<FilesReport.Examined> Files)
{
    public static FilesReport From(string folder, IReadOnlyList<ExaminedFile> files) =>
        new(
            folder,
            files.Sum(static file => file.Diagnostics.Count(static one => one.Severity == DiagnosticSeverity.Error)),
            [
                .. files.Select(static file => new Examined(
                    file.File,
                    file.Kind,
                    file.Count,
                    [.. file.Diagnostics.Select(static one => one.ToString())]
                )),
            ]
        );

    /// <summary>A file.</summary>
    /// <param name="Count">How many schedules, modes, rows, entries or items it holds.</param>
    internal sealed record Examined(string File, string Kind, int Count, IReadOnlyList<string> Findings);
}
