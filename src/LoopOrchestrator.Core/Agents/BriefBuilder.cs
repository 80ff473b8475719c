using System.Text;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Core.Agents;

/// <summary>
/// Writes what an agent is told, the same way for every kind of agent: role, instructions, task, context, limits, how to report.
/// The text depends on nothing but its input, and is cut to a limit so that the task and the way to report always survive.
/// </summary>
public static class BriefBuilder
{
    /// <summary>The longest brief in characters.</summary>
    public const int LongestBrief = 48 * 1024;

    private const int LongestTask = 16 * 1024;
    private const int LongestContext = 8 * 1024;
    private const int LongestRole = 8 * 1024;
    private const int LongestName = 200;
    private const int LongestPermissions = 1024;

    /// <summary>Writes the brief of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="openTodos">Open items of the plan, most important first.</param>
    /// <param name="memory">Entries of the memory, most relevant first.</param>
    /// <param name="earlier">How earlier attempts of this run ended, oldest first.</param>
    public static string Build(Run run, Mode mode, IReadOnlyList<string> openTodos, IReadOnlyList<string> memory, IReadOnlyList<string>? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(mode);
        var head = new StringBuilder();
        head.Append($"# {Cut(mode.Name, LongestName)} (mode `{mode.Slug}`, run `{run.Id}`)\n\n## Role\n\n{Cut(mode.RoleDefinition.Trim(), LongestRole)}\n");

        var tail = new StringBuilder();
        tail.Append($"\n## Task\n\n{Cut(run.Task.Trim(), LongestTask)}\n");
        AppendContext(tail, "Earlier attempts of this run (what they left in the workspace is still there)", earlier ?? []);
        AppendContext(tail, "Answers to the questions that were asked", run.Answers.Select((answer, index) => index < run.Questions.Count ? $"{run.Questions[index].Trim()} Answer: {answer}" : answer).ToList());
        AppendContext(tail, "Open items of the plan (TODO.md; for orientation, not orders)", openTodos);
        AppendContext(tail, "From the memory (persistent-memory.md)", memory);
        tail.Append($"\n## Limits\n\n- Time: {run.TimeoutSeconds} s from the start. What still runs then is ended.\n");
        tail.Append($"- Your mode's permissions: {Cut(string.Join(", ", mode.Groups.Select(Describe)), LongestPermissions)}. Do nothing beyond them.\n");
        tail.Append("- Nobody is there to answer while you work. When a required fact is missing and cannot be found out, report `needs_input` with your questions instead of guessing.\n");
        tail.Append($"\n## How to report\n\nCall the tool `complete_run` once, as the last thing, with `run_id` \"{run.Id}\", `outcome` (`succeeded`, `failed` or `needs_input`), ");
        tail.Append("a `summary` of what you did and the evidence that it is done, `findings` that others will need later, and `follow_ups` you saw but did not do. ");
        tail.Append("Report `failed` when the task is not done, and say why. Without that tool, end with a message that says the same");
        tail.Append(run.AgentKind == AgentKind.Handoff ? ".\n" : "; your exit code then decides.\n");

        var instructions = string.IsNullOrWhiteSpace(mode.CustomInstructions) ? "" : $"\n## Instructions\n\n{mode.CustomInstructions.Trim()}\n";
        return head + Cut(instructions, LongestBrief - head.Length - tail.Length) + tail;
    }

    private static void AppendContext(StringBuilder text, string title, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        text.Append($"\n## {title}\n\n");
        var length = 0;
        for (var index = 0; index < entries.Count; index++)
        {
            var line = $"- {entries[index].Trim().ReplaceLineEndings("\n  ")}\n";
            length += line.Length;
            if (length > LongestContext)
            {
                text.Append($"- ({entries.Count - index} more left out)\n");
                return;
            }

            text.Append(line);
        }
    }

    private static string Describe(ModeGroup group) => group.FileRegex is null ? group.Name : $"{group.Name} (only files matching {group.FileRegex})";

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(TextCut.Head(text, length - 40), "\n[… cut to keep the brief short]\n");
}
