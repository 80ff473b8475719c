using System.Text.Json;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>Reads what a failure of a stage does, and knows what it does where nothing is said. For one file and one thread.</summary>
internal sealed class FailurePolicyReader(ConfigurationValues values)
{
    internal static readonly IReadOnlyList<string> Keys = ["action", "to", "times"];

    /// <summary>Reads <c>onFailure</c> of a stage.</summary>
    /// <param name="node">The stage.</param>
    /// <param name="key">What messages call the stage.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="kind">The stage's kind.</param>
    /// <param name="earlier">The stages before it.</param>
    /// <param name="names">Its name and those of the stages before it, those with errors included.</param>
    public FailurePolicy Read(
        JsonTextNode node,
        string key,
        string stage,
        Stage kind,
        IReadOnlyList<WorkflowStage> earlier,
        IReadOnlyCollection<string> names
    )
    {
        // The last implementation at or before the stage: whoever made the change mends it.
        var implementation =
            kind == Stage.Implementation ? stage : earlier.LastOrDefault(static other => other.Kind == Stage.Implementation)?.Name;
        key = $"{key}.onFailure";
        if (node.Find("onFailure")?.Value is not { } value)
        {
            return Standard(kind, implementation);
        }

        if (value.Kind != JsonValueKind.Object)
        {
            return Make(value, key, values.Word(value, key, WorkflowNames.Actions), to: null, times: null, implementation);
        }

        values.CheckKeys(value, Keys, key);
        if (value.Find("action") is not { } member)
        {
            values.Error(
                value,
                $"{key}.action is missing and must be {string.Join(", ", WorkflowNames.Actions.Keys.SkipLast(1))} or "
                    + $"{WorkflowNames.Actions.Keys.Last()}"
            );
            return Standard(kind, implementation);
        }

        var action = values.Word(member.Value, $"{key}.action", WorkflowNames.Actions);
        var times = (int?)values.Number(value, "times", key, 1, 10, whole: true);
        if (action is not (null or FailureAction.Retry) && value.Find("times") is { } unused)
        {
            values.Error(
                unused.Value,
                $"{key}.times belongs to \"action\": \"retry\"; how often a cycle goes back is the workflow's maxReworks"
            );
        }

        return Make(value, key, action, ReadTarget(value, key, action, names), times, implementation);
    }

    private static FailurePolicy Standard(Stage kind, string? implementation) =>
        kind switch
        {
            Stage.Planning => new FailurePolicy(FailureAction.Continue),
            Stage.Integration => new FailurePolicy(FailureAction.Stop),
            _ => implementation is null ? new FailurePolicy(FailureAction.Stop) : new FailurePolicy(FailureAction.Rework, implementation),
        };

    private FailurePolicy Make(JsonTextNode place, string key, FailureAction? action, string? to, int? times, string? implementation)
    {
        if (action == FailureAction.Rework && (to ?? implementation) is null && place.Find("to") is null)
        {
            values.Error(
                place,
                $"{key} is a rework, and there is no implementation stage at or before this one to go back to; name a "
                    + $"stage: {{ \"action\": \"rework\", \"to\": \"…\" }}"
            );
        }

        return action switch
        {
            FailureAction.Rework => new FailurePolicy(FailureAction.Rework, to ?? implementation),
            FailureAction.Retry => new FailurePolicy(FailureAction.Retry, MaxRetries: times ?? 1),
            { } other => new FailurePolicy(other),
            null => new FailurePolicy(FailureAction.Stop),
        };
    }

    private string? ReadTarget(JsonTextNode value, string key, FailureAction? action, IReadOnlyCollection<string> names)
    {
        if (values.Text(value, "to", key) is not { } to)
        {
            return null;
        }

        var place = value.Find("to")!.Value;
        if (action is not (null or FailureAction.Rework))
        {
            values.Error(place, $"{key}.to belongs to \"action\": \"rework\"");
        }
        else if (!names.Contains(to, StringComparer.Ordinal))
        {
            var nearest = NearestName.Find(to, names);
            values.Error(
                place,
                $"{key}.to is '{to}', and no stage at or before this one has that "
                    + $"name{(nearest is null ? "" : $" ('{nearest}' is nearest)")}; stages so far: {string.Join(", ", names)}"
            );
        }

        return to;
    }
}
