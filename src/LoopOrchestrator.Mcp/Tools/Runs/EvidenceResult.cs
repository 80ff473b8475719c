using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>What shows that an ended run did something, apart from its state. Its cost, tokens and exit code stand beside it.</summary>
/// <param name="Sentence">All of it in words.</param>
/// <param name="Any">False where there is none: then only its state says that anything was done.</param>
/// <param name="Gates">How the gates behind it ended; of a cycle the last pass of each.</param>
/// <param name="FilesChanged">How many files changed, by checkpoints; left out where nobody looked, as outside a cycle.</param>
/// <param name="Commits">The commits made, oldest first.</param>
internal sealed record EvidenceResult(
    string Sentence,
    bool Any,
    IReadOnlyList<GateEvidence>? Gates,
    int? FilesChanged,
    IReadOnlyList<string>? Commits
)
{
    public static EvidenceResult? From(RunEvidence? evidence) =>
        evidence is null
            ? null
            : new EvidenceResult(
                evidence.Describe(),
                evidence.Any,
                evidence.Gates.Count > 0 ? evidence.Gates : null,
                evidence.Changes?.FileCount,
                evidence.Changes is { Commits.Count: > 0 } changes ? changes.Commits : null
            );
}
