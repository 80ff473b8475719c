using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>
/// Sentences that tell a client which tool to call, for somebody at a terminal: there the same is done by a command. Only what is marked
/// (<see cref="ToolNames"/>) is replaced: in the text of others a word stays what it is.
/// </summary>
internal static partial class CommandWords
{
    /// <summary>The command for each tool that has one.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfTools = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["answer_run"] = "runs answer",
        ["append_memory"] = "memory append",
        ["cancel_cycle"] = "cycles cancel",
        ["cancel_run"] = "runs cancel",
        ["claim_run"] = "runs claim",
        ["compact_memory"] = "memory compact",
        ["complete_run"] = "runs complete",
        ["delete_schedule"] = "schedules delete",
        ["get_cycle"] = "cycles show",
        ["get_run"] = "runs show",
        ["get_status"] = "status",
        ["get_timing"] = "timing stats",
        ["list_cycles"] = "cycles list",
        ["list_modes"] = "modes list",
        ["list_runs"] = "runs list",
        ["list_schedules"] = "schedules list",
        ["list_todos"] = "todo list",
        ["log_timing"] = "timing log",
        ["read_memory"] = "memory show",
        ["resolve_escalation"] = "escalations resolve",
        ["resume_agent"] = "resume --agent",
        ["rollback_run"] = "cycles rollback",
        ["run_mode"] = "run",
        ["save_schedule"] = "schedules save",
        ["search_memory"] = "memory search",
        ["show_board"] = "status",
        ["trigger_schedule"] = "schedules trigger",
        ["update_todo"] = "todo check",
    };

    /// <summary>The sentence with commands in the place of marked tools.</summary>
    public static string Of(string sentence) =>
        ToolNames.Plain(
            Marked()
                .Replace(sentence, static match =>
                    OfTools.TryGetValue(match.Value[ToolNames.Mark.Length..], out var command)
                        ? $"'loop-orchestrator {command}'"
                        : match.Value
                )
        );

    [GeneratedRegex(ToolNames.Mark + "[a-z]+_[a-z]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marked();
}
