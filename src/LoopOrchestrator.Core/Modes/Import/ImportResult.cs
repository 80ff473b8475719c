namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>What an import did, or would do.</summary>
/// <param name="Added">The slugs added to the file.</param>
/// <param name="Replaced">The slugs whose entry was replaced.</param>
/// <param name="Skipped">The slugs that were left out because the file has them already.</param>
/// <param name="Backup">Where the replaced bytes of the file are; <see langword="null"/> when nothing was replaced.</param>
public sealed record ImportResult(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Replaced,
    IReadOnlyList<string> Skipped,
    string? Backup
);
