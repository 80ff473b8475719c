using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>The words for stages and actions, as the configuration writes them and as they are shown.</summary>
public static class WorkflowNames
{
    /// <summary>The kinds of stages in the order of a cycle.</summary>
    public static IReadOnlyDictionary<string, Stage> Stages { get; } = Words<Stage>();

    /// <summary>What a failure can do.</summary>
    public static IReadOnlyDictionary<string, FailureAction> Actions { get; } = Words<FailureAction>();

    /// <summary>What unexpected changes can mean.</summary>
    public static IReadOnlyDictionary<string, EvidenceAction> Evidence { get; } = Words<EvidenceAction>();

    /// <summary>The stage's word.</summary>
    public static string Name(this Stage stage) => Word(stage);

    /// <summary>The action's word.</summary>
    public static string Name(this FailureAction action) => Word(action);

    /// <summary>The action's word.</summary>
    public static string Name(this EvidenceAction action) => Word(action);

    // Each is one word, so the member's own name is what is written.
    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static OrderedDictionary<string, T> Words<T>()
        where T : struct, Enum
    {
        var words = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            words.Add(Word(value), value);
        }

        return words;
    }
}
