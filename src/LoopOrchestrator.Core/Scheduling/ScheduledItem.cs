using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// The item of the plan that a schedule works on. The plan itself starts nothing: a schedule has to name the item, and what is executed
/// follows from
/// the schedule and the configuration.
/// </summary>
internal static class ScheduledItem
{
    private const int MaxNamed = 5;

    /// <summary>The run that a schedule asks for.</summary>
    public static RunRequest Request(Schedule schedule, WorkspacePaths paths) =>
        Add(
            new RunRequest(schedule.Mode, schedule.TaskInstructions.Length > 0 ? schedule.TaskInstructions : schedule.Name)
            {
                Workflow = schedule.Workflow,
                Priority = RunPriority.Schedule,
                ScheduleId = schedule.Id,
                Title = schedule.Name,
                TimeoutSeconds = schedule.Timeout is { } timeout ? (int)timeout.TotalSeconds : null,
            },
            schedule,
            paths
        );

    /// <summary>Makes work on the schedule's item of a request; leaves the request as it is where the schedule names none.</summary>
    /// <param name="request">The schedule's request.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="paths">The workspace.</param>
    /// <exception cref="UserErrorException">
    /// There is nothing to do: the item is ticked, not there, or not the only one. The message is the reason.
    /// </exception>
    public static RunRequest Add(RunRequest request, Schedule schedule, WorkspacePaths paths)
    {
        if (schedule.Todo is not { } reference)
        {
            return request;
        }

        var file = paths.Display(paths.Todo);
        var item = TodoReader.Find(paths, reference) switch
        {
            [var only] => only,
            [] => throw new UserErrorException($"todo: {file} has no item with the id or text \"{reference}\""),
            var several => throw new UserErrorException(
                $"todo: {several.Count} items of {file} fit \"{reference}\"; name one by its id: "
                    + $"{string.Join(", ", several.Take(MaxNamed).Select(static one => $"{one.Id} (line {one.Line})"))}"
            ),
        };
        if (item.IsCompleted)
        {
            throw new UserErrorException(
                $"todo: item {item.Id} \"{TextCut.Head(item.Title, 80)}\" of {file} is ticked, so there is nothing to do"
            );
        }

        return request with
        {
            Task = Task(item, file, schedule.TaskInstructions),
            Priority = RunPriority.Todo,
            TimeoutExemption = request.TimeoutSeconds > TodoLimit.Seconds ? schedule.TimeoutExemption : null,
        };
    }

    private static string Task(TodoItem item, string file, string instructions)
    {
        var text = new StringBuilder(item.Title).Append('\n');
        if (item.Detail.Length > 0)
        {
            text.Append('\n').Append(item.Detail).Append('\n');
        }

        foreach (var note in item.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {(note.Key is null ? "" : $"{note.Key}: ")}{note.Text}\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nThis is item {item.Id} of {file}{(item.Section.Length > 0 ? $", section {item.Section}" : "")}. Tick it "
                + $"(update_todo, action check, with this id) when it is "
                + $"done{(item.Acceptance is null ? "" : " as its acceptance says")}, and not before.\n"
        );
        return instructions.Length > 0 ? text.Append('\n').Append(instructions).ToString() : text.ToString();
    }
}
