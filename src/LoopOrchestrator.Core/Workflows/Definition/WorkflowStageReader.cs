using System.Text.Json;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>Reads one stage of a workflow, without its steps' own fields. For one file and one thread.</summary>
internal sealed class WorkflowStageReader(ConfigurationValues values, WorkflowCommandReader commands, IReadOnlyCollection<string> agents)
{
    internal static readonly IReadOnlyList<string> Keys = ["stage", "name", "steps", "parallel", "gates", "onFailure"];

    private const string Example = "{ \"stage\": \"implementation\", \"steps\": [ {} ] }";

    private readonly WorkflowStepReader _steps = new(values, agents);
    private readonly FailurePolicyReader _failures = new(values);

    /// <summary>Reads a stage.</summary>
    /// <param name="node">The stage.</param>
    /// <param name="key">What messages call it.</param>
    /// <param name="earlier">The stages before it.</param>
    /// <param name="names">The names that are taken; its own is added.</param>
    /// <returns><see langword="null"/> where nobody can say what kind of stage it is, which is told.</returns>
    public WorkflowStage? Read(JsonTextNode node, string key, IReadOnlyList<WorkflowStage> earlier, HashSet<string> names)
    {
        if (!values.IsObject(node, key, Example))
        {
            return null;
        }

        values.CheckKeys(node, Keys, key);
        var kind = ReadKind(node, key);
        if ((values.Text(node, "name", key) ?? kind?.Name()) is { } name)
        {
            values.CheckName(node.Find("name")?.Value ?? node, name, $"{key}.name", names);
        }
        else
        {
            name = "";
        }

        var steps = ReadSteps(node, key);
        var gates = commands.Read(node, "gates", key);
        if (steps.Count == 0 && gates.Count == 0 && IsEmpty(node, "steps") && IsEmpty(node, "gates"))
        {
            values.Error(
                node,
                $"{key} has neither a step nor a gate; give it one, such as \"steps\": [ {{}} ] for one step whose mode "
                    + "is chosen by the task"
            );
        }

        // A stage whose kind is unknown can still be named by later ones, so nothing more is said of it.
        return kind is not { } known
            ? null
            : new WorkflowStage(name, known)
            {
                Steps = steps,
                Parallel = values.Flag(node, "parallel", key) ?? false,
                Gates = gates,
                OnFailure = _failures.Read(node, key, name, known, earlier, names),
            };
    }

    private static bool IsEmpty(JsonTextNode node, string name) =>
        node.Find(name)?.Value is null or { Kind: JsonValueKind.Array, Items.Length: 0 };

    private Stage? ReadKind(JsonTextNode node, string key)
    {
        if (node.Find("stage") is { } member)
        {
            return values.Word(member.Value, $"{key}.stage", WorkflowNames.Stages);
        }

        values.Error(
            node,
            $"{key}.stage is missing and must be {string.Join(", ", WorkflowNames.Stages.Keys.SkipLast(1))} or "
                + $"{WorkflowNames.Stages.Keys.Last()}"
        );
        return null;
    }

    private List<WorkflowStep> ReadSteps(JsonTextNode node, string key)
    {
        var steps = new List<WorkflowStep>();
        if (node.Find("steps")?.Value is not { } list)
        {
            return steps;
        }

        if (list.Kind != JsonValueKind.Array)
        {
            values.Error(list, $"{key}.steps has to be a list of steps, such as [ {{ \"mode\": \"validation-unit\" }} ]");
            return steps;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < list.Items.Length; index++)
        {
            if (_steps.Read(list.Items[index], $"{key}.steps[{index}]", index + 1, names) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }
}
