using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>Reads one step of a stage. For one file and one thread.</summary>
internal sealed class WorkflowStepReader(ConfigurationValues values, IReadOnlyCollection<string> agents)
{
    internal static readonly IReadOnlyList<string> Keys = ["name", "mode", "task", "agent", "timeoutSeconds", "isolated"];

    /// <summary>Reads a step.</summary>
    /// <param name="node">The step.</param>
    /// <param name="key">What messages call it.</param>
    /// <param name="number">Its number in the stage, from 1.</param>
    /// <param name="names">The names that are taken; its own is added.</param>
    /// <returns><see langword="null"/> where it is no object, which is told.</returns>
    public WorkflowStep? Read(JsonTextNode node, string key, int number, HashSet<string> names)
    {
        if (!values.IsObject(node, key, "{ \"mode\": \"validation-unit\" }"))
        {
            return null;
        }

        values.CheckKeys(node, Keys, key);
        var mode = values.Text(node, "mode", key);
        if (mode is not null && !Slug.IsValid(mode))
        {
            values.Error(
                node.Find("mode")!.Value,
                $"{key}.mode is '{mode}', and the name of a mode has letters, digits and hyphens only; leave it out to "
                    + "have the mode chosen by the task"
            );
        }

        // Without a name it is called by its mode, or by its place; two that would be called the same need names.
        var name = values.Text(node, "name", key) ?? (string.IsNullOrEmpty(mode) ? $"step-{number}" : mode);
        values.CheckName(node.Find("name")?.Value ?? node, name, $"{key}.name", names);
        var standard = new WorkflowStep(name);
        return standard with
        {
            Mode = mode,
            Task = ReadTask(node, key) ?? standard.Task,
            Agent = ReadAgent(node, key),
            TimeoutSeconds = (int?)values.Number(node, "timeoutSeconds", key, 1, 86_400, whole: true),
            Isolated = values.Flag(node, "isolated", key) ?? false,
            Line = values.Line(node),
        };
    }

    private string? ReadTask(JsonTextNode node, string key)
    {
        if (values.Text(node, "task", key) is not { } task)
        {
            return null;
        }

        var place = node.Find("task")!.Value;
        if (string.IsNullOrWhiteSpace(task))
        {
            values.Error(place, $"{key}.task is empty; write what is to be done, or leave it out for the task of the cycle");
        }

        foreach (var name in TaskTemplate.Unknown(task))
        {
            var nearest = NearestName.Find(name, TaskTemplate.Names);
            values.Error(
                place,
                $"{key}.task has {{{name}}}, which stands for "
                    + $"nothing{(nearest is null ? "" : $" ({{{nearest}}} is nearest)")}; there are "
                    + $"{string.Join(", ", TaskTemplate.Names.Select(static known => $"{{{known}}}"))}, and "
                    + $"{{{{{name}}}}} writes it as it is"
            );
        }

        return task;
    }

    private string? ReadAgent(JsonTextNode node, string key)
    {
        if (values.Text(node, "agent", key) is not { } agent)
        {
            return null;
        }

        if (!agents.Contains(agent, StringComparer.Ordinal))
        {
            var nearest = NearestName.Find(agent, agents);
            values.Error(
                node.Find("agent")!.Value,
                $"{key}.agent is '{agent}', and there is no such "
                    + $"agent{(nearest is null ? "" : $" ('{nearest}' is nearest)")}; agents here: {string.Join(", ", agents)}"
            );
        }

        return agent;
    }
}
