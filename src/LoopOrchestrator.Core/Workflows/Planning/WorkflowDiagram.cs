using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>
/// A plan as a Mermaid flowchart. Every edge joins two nodes, because edges of a subgraph to itself are refused there; labels are quoted,
/// and what
/// has a meaning in them is written as a character reference.
/// </summary>
public static class WorkflowDiagram
{
    private const string Succeeded = "succeeded";
    private const string Failed = "failed";
    private const string Escalated = "escalated";

    /// <summary>Writes it; lines end with a line feed.</summary>
    public static string Write(WorkflowPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var chart = new Chart(plan);
        return chart.Draw();
    }

    /// <summary>
    /// A text in a quoted label. It never begins with what Markdown takes for a list: every label begins with a word of ours.
    /// </summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '#' or '&' or '<' or '>' or '`' or '*' or '_' or '\\' or '%' or '$' => escaped.Append(
                    CultureInfo.InvariantCulture,
                    $"#{(int)character};"
                ),
                _ when char.IsControl(character) || char.IsWhiteSpace(character) => escaped.Append(' '),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    private sealed class Chart(WorkflowPlan plan)
    {
        private readonly StringBuilder _nodes = new();
        private readonly StringBuilder _edges = new();
        private readonly HashSet<string> _ends = new(StringComparer.Ordinal);

        public string Draw()
        {
            for (var index = 0; index < plan.Stages.Count; index++)
            {
                DrawStage(index);
            }

            Edge("begin", Enter(0));
            var text = new StringBuilder("flowchart TD\n");
            text.Append(CultureInfo.InvariantCulture, $"  begin([\"workflow {Escape(plan.Workflow.Name)}\"])\n").Append(_nodes);
            foreach (
                var (end, label) in new[]
                {
                    (Succeeded, "cycle succeeded"),
                    (Failed, "cycle failed"),
                    (Escalated, "cycle failed, escalated"),
                }.Where(end => _ends.Contains(end.Item1))
            )
            {
                text.Append(CultureInfo.InvariantCulture, $"  {end}([\"{label}\"])\n");
            }

            return text.Append(_edges).ToString();
        }

        private static string Enter(int stage) => $"s{stage + 1}";

        private void DrawStage(int index)
        {
            var planned = plan.Stages[index];
            var stage = planned.Stage;
            var id = Enter(index);
            _nodes.Append(CultureInfo.InvariantCulture, $"  subgraph g{index + 1}[\"stage {Escape(stage.Name)}\"]\n");
            Node(id, $"[\"{stage.Kind.Name()}\"]");
            List<string> last = [id];
            var number = 0;
            var parallel = new List<string>();
            foreach (var step in planned.Steps)
            {
                var node = $"{id}n{++number}";
                Node(
                    node,
                    $"[\"step {Escape(step.Step.Name)}<br/>"
                        + $"{Escape(step.Choice?.Mode.Slug ?? step.Step.Mode ?? "mode by the task")}<br/>"
                        + $"{Escape(step.Agent?.Name ?? "agent of the mode")}\"]"
                );
                Edge(last, node);
                parallel.Add(node);
                last = stage.Parallel ? last : [node];
            }

            last = stage.Parallel && parallel.Count > 0 ? parallel : last;
            foreach (var (node, shape) in Checks(planned).Select(shape => ($"{id}n{++number}", shape)).ToList())
            {
                Node(node, shape);
                Edge(last, node);
                last = [node];
            }

            Node($"{id}q", "{\"all passed?\"}");
            Edge(last, $"{id}q");
            _nodes.Append("  end\n");
            DrawOutcome(index, stage.OnFailure, $"{id}q");
        }

        private static IEnumerable<string> Checks(PlannedStage planned) =>
            [
                .. planned.Stage.Gates.Select(static gate => $"[/\"gate {Label(gate)}\"/]"),
                .. planned.HasLanding ? ["[\"landing of the isolated steps\"]"] : (string[])[],
                .. planned.Sync.Select(static sync => $"[/\"sync {Label(sync)}\"/]"),
            ];

        private static string Label(WorkflowCommand command) => string.Join("<br/>", CommandText.Named(command).Select(Escape));

        private void DrawOutcome(int index, FailurePolicy policy, string question)
        {
            var next = index + 1 < plan.Stages.Count ? Enter(index + 1) : End(Succeeded);
            Edge(question, next, policy.Action == FailureAction.Continue ? "passed or not" : "yes");
            switch (policy.Action)
            {
                case FailureAction.Rework:
                    var target = Enumerable
                        .Range(0, index + 1)
                        .Last(stage => plan.Stages[stage].Stage.Name == policy.ReworkTo || stage == 0);
                    if (plan.Workflow.MaxReworks > 0)
                    {
                        Edge(question, Enter(target), $"no: rework, at most {plan.Workflow.MaxReworks} in all");
                    }

                    Edge(question, End(Escalated), "no, and no rework left");
                    break;
                case FailureAction.Retry:
                    Edge(question, Enter(index), $"no: again, at most {policy.MaxRetries} times");
                    Edge(question, End(Failed), "no, and no retry left");
                    break;
                case FailureAction.Escalate:
                    Edge(question, End(Escalated), "no");
                    break;
                case FailureAction.Stop:
                    Edge(question, End(Failed), "no");
                    break;
            }
        }

        private string End(string end)
        {
            _ends.Add(end);
            return end;
        }

        private void Node(string id, string shape) => _nodes.Append(CultureInfo.InvariantCulture, $"    {id}{shape}\n");

        private void Edge(IEnumerable<string> from, string to)
        {
            foreach (var node in from)
            {
                Edge(node, to);
            }
        }

        private void Edge(string from, string to, string? label = null) =>
            _edges.Append(CultureInfo.InvariantCulture, $"  {from} -->{(label is null ? "" : $"|\"{label}\"|")} {to}\n");
    }
}
