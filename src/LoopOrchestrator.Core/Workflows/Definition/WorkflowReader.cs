using System.Text.Json;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>
/// Reads <c>workflows</c> of <c>mcp_startup.json</c>. A workflow with an error is left out; the reading goes on, so that every error is
/// told at
/// once. What only modes can tell is for <see cref="WorkflowCheck"/>. For one file and one thread.
/// </summary>
internal sealed class WorkflowReader
{
    internal static readonly IReadOnlyList<string> WorkflowKeys =
    [
        "stages",
        "maxReworks",
        "timeoutSeconds",
        "ifUnchanged",
        "ifCheckChanges",
        "idleCyclesToEscalate",
        "sync",
    ];

    private const string Example = "{ \"stages\": [ { \"stage\": \"implementation\", \"steps\": [ {} ] } ] }";

    private readonly ConfigurationValues _values;
    private readonly WorkflowStageReader _stages;
    private readonly WorkflowCommandReader _commands;

    private WorkflowReader(ConfigurationValues values, IReadOnlyCollection<string> agents)
    {
        _values = values;
        _commands = new WorkflowCommandReader(values);
        _stages = new WorkflowStageReader(values, _commands, agents);
    }

    /// <summary>Reads the workflows; those of the program are there as well, unless the file has others of their names.</summary>
    /// <param name="root">The file's object.</param>
    /// <param name="values">What reads its values, and keeps what is wrong.</param>
    /// <param name="agents">The names of the agents that a step may name.</param>
    public static IReadOnlyDictionary<string, WorkflowDefinition> Read(
        JsonTextNode root,
        ConfigurationValues values,
        IReadOnlyCollection<string> agents
    )
    {
        var workflows = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal)
        {
            [WorkflowDefinition.DefaultName] = BuiltInWorkflow.Default,
        };
        if (root.Find("workflows")?.Value is not { } node || !values.IsObject(node, "workflows", $"{{ \"nightly\": {Example} }}"))
        {
            return workflows;
        }

        var reader = new WorkflowReader(values, agents);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in node.Members)
        {
            var before = values.ErrorCount;
            values.CheckName(member.Value, member.Name, "workflows", names);
            if (reader.ReadWorkflow(member.Name, member.Value) is { } workflow && values.ErrorCount == before)
            {
                workflows[member.Name] = workflow;
            }
        }

        return workflows;
    }

    private WorkflowDefinition? ReadWorkflow(string name, JsonTextNode node)
    {
        var key = $"workflows.{name}";
        if (!_values.IsObject(node, key, Example))
        {
            return null;
        }

        _values.CheckKeys(node, WorkflowKeys, key);
        var standard = new WorkflowDefinition(name);
        return standard with
        {
            Stages = ReadStages(node, key),
            MaxReworks = (int?)_values.Number(node, "maxReworks", key, 0, 10, whole: true) ?? standard.MaxReworks,
            TimeoutSeconds = (int?)_values.Number(node, "timeoutSeconds", key, 60, 86_400, whole: true) ?? standard.TimeoutSeconds,
            IfUnchanged = ReadEvidence(node, "ifUnchanged", key) ?? standard.IfUnchanged,
            IfCheckChanges = ReadEvidence(node, "ifCheckChanges", key) ?? standard.IfCheckChanges,
            IdleCyclesToEscalate = (int?)_values.Number(node, "idleCyclesToEscalate", key, 1, 100, whole: true)
                ?? standard.IdleCyclesToEscalate,
            Sync = _commands.Read(node, "sync", key),
        };
    }

    private List<WorkflowStage> ReadStages(JsonTextNode node, string key)
    {
        var stages = new List<WorkflowStage>();
        var list = node.Find("stages")?.Value;
        if (list is not { Kind: JsonValueKind.Array, Items.Length: > 0 })
        {
            _values.Error(
                list ?? node,
                $"{key}.stages has to be a list of one stage or more, such as [ {{ \"stage\": \"implementation\", \"steps\": [ {{}} ] }} ]"
            );
            return stages;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < list.Items.Length; index++)
        {
            if (_stages.Read(list.Items[index], $"{key}.stages[{index}]", stages, names) is { } stage)
            {
                stages.Add(stage);
            }
        }

        return stages;
    }

    private EvidenceAction? ReadEvidence(JsonTextNode node, string name, string key) =>
        node.Find(name) is { } member ? _values.Word(member.Value, $"{key}.{name}", WorkflowNames.Evidence) : null;
}
