using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Gathers what the step of a cycle has to know: from what is recorded of the cycle, from the plan, and from the memory by search. The same
/// state gives the same text. What cannot be read is left out; status tells of it.
/// </summary>
internal sealed class StepContextReader(WorkspacePaths paths, ICycleStore cycles, IRunStore runs, MemorySearch memory) : IStepContextReader
{
    private const int MaxMemory = 8;
    private const int MaxWords = 10;
    private const int HitsPerWord = 10;
    private const int MaxTextLength = 1500;
    private const int MaxTaskInPlaceLength = 2000;
    private const int MaxOutputLength = 6000;
    private const int MaxFiles = 20;

    /// <inheritdoc/>
    public async Task<StepContext?> ReadAsync(Run run, CancellationToken cancellationToken = default)
    {
        if (run.CycleId is null || await cycles.OfStepAsync(run, cancellationToken) is not { } found)
        {
            return null;
        }

        var (cycle, item) = found;
        var stage = cycle.Workflow.Stages[item.Stage];
        List<string> place =
        [
            $"Step '{item.Name}' of stage '{stage.Name}' ({item.Stage + 1} of {cycle.Workflow.Stages.Count}) in cycle "
                + $"{cycle.Run.Id} of workflow '{cycle.Workflow.Name}', pass {cycle.Visit}, rework {cycle.Reworks} of "
                + $"{cycle.Workflow.MaxReworks}.",
        ];
        if (!run.Task.Contains(cycle.Run.Task.Trim(), StringComparison.Ordinal))
        {
            place.Add($"What the cycle is for: {TextCut.Shorten(cycle.Run.Task, MaxTaskInPlaceLength)}");
        }

        if (item.WorkTree is { } tree)
        {
            place.Add(
                $"You work in a git work tree of your own, {tree}. What you change there comes into the workspace when "
                    + "the gates have passed."
            );
        }

        return new StepContext(place, Failure(cycle), Acceptance(cycle.Run.Task), await EarlierAsync(cycle, item, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<string?> WorkTreeAsync(Run run, CancellationToken cancellationToken = default) =>
        run.CycleId is not null && await cycles.OfStepAsync(run, cancellationToken) is { } found ? found.Item.WorkTree : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> Remember(string task)
    {
        var hits = new Dictionary<(string File, int Line), (MemoryHit Hit, int Count)>();
        try
        {
            foreach (
                var word in TaskWords
                    .Of(task)
                    .Select(static word => word.Word)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .OrderByDescending(static word => word.Length)
                    .ThenBy(static word => word, StringComparer.Ordinal)
                    .Take(MaxWords)
            )
            {
                foreach (var hit in memory.Find(new MemoryQuery($"\"{word}\"") { Limit = HitsPerWord }).Hits)
                {
                    hits[(hit.File, hit.Line)] = (hit, hits.GetValueOrDefault((hit.File, hit.Line)).Count + 1);
                }
            }
        }
        catch (UserErrorException)
        {
            // The memory helps; that it cannot be read is told by status.
        }

        return
        [
            .. hits
                .Values.OrderByDescending(static pair => pair.Count)
                .ThenByDescending(static pair => pair.Hit.Timestamp)
                .ThenBy(static pair => pair.Hit.File, StringComparer.Ordinal)
                .ThenBy(static pair => pair.Hit.Line)
                .Take(MaxMemory)
                .Select(static pair =>
                    $"{pair.Hit.Snippet.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal)}"
                    + $" ({pair.Hit.File}, line {pair.Hit.Line})"
                ),
        ];
    }

    private static List<string> Failure(Cycle cycle)
    {
        if (cycle.Failure is not { } failure)
        {
            return [];
        }

        List<string> lines =
        [
            $"{failure.What} failed: "
                + $"{TextCut.Shorten(failure.Reason, MaxTextLength)}{(failure.RunId is null ? "" : $" (run {failure.RunId})")}",
        ];
        if (!string.IsNullOrWhiteSpace(failure.Output))
        {
            var end = failure.Output.Length <= MaxOutputLength ? failure.Output : "… " + failure.Output[^MaxOutputLength..];
            lines.Add($"The end of what it printed:\n{end}");
        }

        return lines;
    }

    // Of the items that the task names, by their title or their id.
    private List<string> Acceptance(string task)
    {
        try
        {
            return TodoReader
                .Read(paths, new TodoFilter { IncludeCompleted = true })
                .Items.Where(item =>
                    item.Acceptance is not null
                    && (
                        task.Contains(item.Id, StringComparison.OrdinalIgnoreCase)
                        || task.Contains(item.Title, StringComparison.OrdinalIgnoreCase)
                    )
                )
                .Select(static item => $"{item.Title}: {item.Acceptance}")
                .ToList();
        }
        catch (UserErrorException)
        {
            return [];
        }
    }

    private async Task<List<string>> EarlierAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (
            var before in cycle
                .Items.Where(other => other.Number < item.Number && other.IsOver)
                .OrderByDescending(static other => other.Number)
        )
        {
            var text =
                $"{CycleRules.Describe(cycle.Workflow.Stages[before.Stage], before)}"
                + $"{(before.Mode is null ? "" : $" ({before.Mode})")}: "
                + $"{before.State.Name()}{(before.Reason is null ? "" : $", {TextCut.Shorten(before.Reason, MaxTextLength)}")}";
            if (before.RunId is { } id && await runs.FindAsync(id, cancellationToken) is { } run)
            {
                text +=
                    Part("Summary", run.Summary)
                    + Parts("Findings", run.Findings)
                    + Parts("Open questions", run.Questions.Skip(run.Answers.Count));
            }

            if (before.Changes is { } changes)
            {
                text += Parts($"Changes ({changes})", changes.Files.Take(MaxFiles));
            }

            lines.Add(text + Parts("Notes", before.Marks));
        }

        return lines;
    }

    private static string Part(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? "" : $"\n{name}: {TextCut.Shorten(text.Trim(), MaxTextLength)}";

    private static string Parts(string name, IEnumerable<string> texts) => Part(name, string.Join("; ", texts));
}
