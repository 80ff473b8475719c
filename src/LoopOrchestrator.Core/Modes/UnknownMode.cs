namespace LoopOrchestrator.Core.Modes;

/// <summary>What is said of a mode that there is not, wherever it is named.</summary>
internal static class UnknownMode
{
    /// <summary>Which modes may have been meant, as the end of a sentence.</summary>
    public static string Hint(string slug, ModeCatalog modes) =>
        modes.Nearest(slug) is { Count: > 0 } nearest
            ? $"nearest: {string.Join(", ", nearest)}"
            : $"the {modes.All.Count} that there are: loop-orchestrator modes list";
}
