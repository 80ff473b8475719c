using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Writes what came of runs that have ended into the memory, and what is left to do into the plan. Repeatable.</summary>
internal sealed class RunMemory(MemoryStore memory, TodoStore todo, ScheduleSource schedules, IRunStore runStore)
{
    private const int MaxExcerptLength = 400;

    // Under this, the end of a cycle compacts the memory.
    private const int MinHeadroomPercent = 15;

    // What agents saw and did not do stands apart from what people have planned.
    private const string FollowUpSection = "Follow-ups of cycles";

    // What the memory takes at most, in characters of up to four bytes.
    private const int MaxFindingLength = 2000;

    /// <summary>Writes what came of several runs, in one change of the memory.</summary>
    /// <exception cref="UserErrorException">It was refused for one of them; nothing is in the memory.</exception>
    public async Task WriteAsync(IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        List<MemoryAppend> entries = [];
        foreach (var run in runs)
        {
            await PlanAsync(run, cancellationToken);
            entries.AddRange(Entries(run, await IsUneventfulAsync(run, cancellationToken)));
        }

        await memory.AppendAsync(entries, cancellationToken);
        if (runs.Any(static run => run.Kind == RunKind.Cycle))
        {
            await MakeRoomAsync(cancellationToken);
        }
    }

    /// <summary>Writes what came of a run.</summary>
    /// <exception cref="UserErrorException">It was refused.</exception>
    public async Task WriteAsync(Run run, CancellationToken cancellationToken)
    {
        await PlanAsync(run, cancellationToken);
        foreach (var entry in Entries(run, await IsUneventfulAsync(run, cancellationToken)))
        {
            await memory.AppendAsync(entry, cancellationToken);
        }

        if (run.Kind == RunKind.Cycle)
        {
            await MakeRoomAsync(cancellationToken);
        }
    }

    private async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        var reading = await memory.ReadAsync(cancellationToken: cancellationToken);
        if (
            reading.Headroom * 100 < MinHeadroomPercent * reading.MaxLines
            || (reading.MaxBytes - reading.Bytes) * 100L < MinHeadroomPercent * (long)reading.MaxBytes
        )
        {
            await memory.CompactAsync(MinHeadroomPercent, cancellationToken: cancellationToken);
        }
    }

    private async Task PlanAsync(Run run, CancellationToken cancellationToken)
    {
        // Those of a step come with its cycle, at the cycle's end.
        var followUps = run.CycleId is not null ? [] : run.FollowUps.Where(static text => TodoText.Clean(text).Length > 0).ToList();
        if (followUps.Count > 0)
        {
            // Repeatable: one that stands there already is not added again.
            var section = run.Kind == RunKind.Cycle ? FollowUpSection : null;
            await todo.AddAsync(
                followUps.ConvertAll(text => new NewTodo(
                    TextCut.Head(text.Trim(), TodoStore.MaxTextLength).ToString(),
                    section,
                    Notes: [$"From run {run.Id} ({run.Mode})"]
                )),
                cancellationToken
            );
        }
    }

    // A command that ended well at its first attempt, as it did before: the time log and the list of runs have it. Told after a failure,
    // for the memory has that.
    private async Task<bool> IsUneventfulAsync(Run run, CancellationToken cancellationToken)
    {
        if (run is not { State: RunState.Succeeded, AgentKind: AgentKind.Command, ReportedOutcome: null, Attempt: <= 1 })
        {
            return false;
        }

        var before = run.ScheduleId is { } schedule
            ? await runStore.ListAsync(
                new RunFilter
                {
                    ScheduleId = schedule,
                    Limit = 1,
                    Before = new RunPosition(run.CreatedAt, run.Id),
                },
                cancellationToken
            )
            : [];
        return before is [] or [{ State: RunState.Succeeded or RunState.Cancelled }];
    }

    private IEnumerable<MemoryAppend> Entries(Run run, bool isUneventful)
    {
        // The moment of the end makes writing repeatable: a crash may come between the entry and the note that it is written.
        // What the memory would refuse for good must not be owed for ever.
        foreach (var finding in run.Findings.Where(static finding => !string.IsNullOrWhiteSpace(finding)))
        {
            var text = TextCut.Shorten(finding, MaxFindingLength);
            yield return new MemoryAppend(MemorySection.Updates, text, "finding", run.Mode, FoundAt: run.EndedAt);
        }

        if (run.Kind == RunKind.Cycle)
        {
            yield return new MemoryAppend(MemorySection.Updates, run.Summary ?? Describe(run), "cycle", run.Mode, FoundAt: run.EndedAt);
            yield break;
        }

        if (run.CycleId is not null)
        {
            // How its steps went is told in the entry of the cycle.
            yield break;
        }

        // Without anything that differs from run to run, so that repeats are counted in one entry instead of filling the memory.
        if (run.State != RunState.Cancelled && run.Findings.Count == 0 && !isUneventful)
        {
            yield return new MemoryAppend(MemorySection.Updates, Describe(run), "run", run.Mode, FoundAt: run.EndedAt);
        }
    }

    private string Describe(Run run)
    {
        var work = run.ScheduleId is { } id
            ? $"Schedule \"{RunTitles.OfSchedule(run, schedules.Schedules) ?? id}\""
            : $"Task \"{RunTitle.Of(run.Task)}\"";
        var text = $"{work} with agent {run.AgentName()}: {run.State.Name()}{(run.HasNoReport ? " (no report)" : "")}";
        if (run.State == RunState.Succeeded)
        {
            return run.ReportedOutcome is null ? $"{text}." : $"{text}. {Excerpt(run.Summary)}";
        }

        return $"{text}, {run.Reason}. {Excerpt(run.Summary)}".TrimEnd();
    }

    private static string Excerpt(string? text) =>
        text is null ? ""
        : text.Length <= MaxExcerptLength ? text
        : string.Concat("… ", TextCut.Tail(text, MaxExcerptLength));
}
