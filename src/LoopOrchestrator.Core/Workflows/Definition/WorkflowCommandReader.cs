using System.Text.Json;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>Reads a list of gates or of sync commands. For one file and one thread.</summary>
internal sealed class WorkflowCommandReader(ConfigurationValues values)
{
    internal static readonly IReadOnlyList<string> Keys = ["name", "command", "exitCode", "timeoutSeconds"];

    private const string Example = "{ \"command\": [\"dotnet\", \"build\"] }";

    /// <summary>The commands of a member; none where it is missing, and without those that cannot be used, which is told.</summary>
    public IReadOnlyList<WorkflowCommand> Read(JsonTextNode node, string name, string key)
    {
        var commands = new List<WorkflowCommand>();
        if (node.Find(name)?.Value is not { } list)
        {
            return commands;
        }

        if (list.Kind != JsonValueKind.Array)
        {
            values.Error(list, $"{key}.{name} has to be a list of commands, such as [ {Example} ]");
            return commands;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < list.Items.Length; index++)
        {
            if (ReadOne(list.Items[index], $"{key}.{name}[{index}]", names) is { } command)
            {
                commands.Add(command);
            }
        }

        return commands;
    }

    private WorkflowCommand? ReadOne(JsonTextNode node, string key, HashSet<string> names)
    {
        if (!values.IsObject(node, key, Example))
        {
            return null;
        }

        values.CheckKeys(node, Keys, key);
        var before = values.ErrorCount;
        var words = values.Texts(node, "command", key);
        if (words.Count == 0 && values.ErrorCount == before)
        {
            values.Error(
                node.Find("command")?.Value ?? node,
                $"{key}.command is {(node.Find("command") is null ? "missing" : "empty")}: name the program and its "
                    + "arguments as a list of texts, such as [\"dotnet\", \"build\"]"
            );
        }

        var name = node.Find("name") is null ? CommandName.Of(words, names) : values.Text(node, "name", key);
        if (name is not null && (words.Count > 0 || node.Find("name") is not null))
        {
            values.CheckName(node.Find("name")?.Value ?? node, name, $"{key}.name", names);
        }

        var standard = new WorkflowCommand(name ?? "", words);
        return standard with
        {
            ExitCode = (int?)values.Number(node, "exitCode", key, 0, 255, whole: true) ?? standard.ExitCode,
            TimeoutSeconds = (int?)values.Number(node, "timeoutSeconds", key, 1, 86_400, whole: true) ?? standard.TimeoutSeconds,
        };
    }
}
