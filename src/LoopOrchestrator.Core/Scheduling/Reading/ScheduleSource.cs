using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>
/// The schedules in force: those of <c>schedules.json</c>, else of <c>.roo/schedules.json</c>. A file that breaks while we run keeps
/// its last good state in force, and the error shows in <see cref="Diagnostics"/>. Safe for many threads.
/// </summary>
public sealed class ScheduleSource
{
    private readonly WorkspacePaths _paths;
    private readonly TimeProvider _time;
    private readonly IReadOnlyCollection<string>? _workflows;
    private readonly ModeFile? _modes;
    private readonly CachedFile<ScheduleSet> _file;

    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="workflows">The names of the workflows that a schedule may name; not looked at when not given.</param>
    /// <param name="modes">The modes that a schedule may name; not looked at when not given.</param>
    public ScheduleSource(WorkspacePaths paths, TimeProvider time, IReadOnlyCollection<string>? workflows = null, ModeFile? modes = null)
        : this(paths, time, ScheduleFile.Read, workflows, modes) { }

    /// <summary>As above, with what makes schedules of the content of their file.</summary>
    internal ScheduleSource(
        WorkspacePaths paths,
        TimeProvider time,
        ScheduleReader read,
        IReadOnlyCollection<string>? workflows,
        ModeFile? modes
    )
    {
        (_paths, _time, _workflows, _modes) = (paths, time, workflows, modes);
        _file = new CachedFile<ScheduleSet>(
            [new(paths, paths.Schedules, FileSizes.Schedules), new(paths, paths.RooSchedules, FileSizes.Schedules)],
            (path, content) =>
            {
                var set = read(content ?? "{\"schedules\":[]}"u8.ToArray(), paths.Display(path), time.LocalTimeZone);
                return (set, set.IsReadable);
            },
            beside: () => time.LocalTimeZone
        );
    }

    /// <summary>The file that counts now.</summary>
    public string FilePath => _file.FilePath;

    /// <summary>The schedules in force, in the order of the file, inactive ones included.</summary>
    public IReadOnlyList<Schedule> Schedules => _file.Current.InForce.Schedules;

    /// <summary>The zone of schedules that name none, as it is now.</summary>
    internal TimeZoneInfo LocalZone => _time.LocalTimeZone;

    /// <summary>What is wrong in the file, and which schedules can never fire and why.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics
    {
        get
        {
            var (inForce, latest, readError) = _file.Current;
            var display = _paths.Display(FilePath);
            var diagnostics = new List<Diagnostic>(latest.Diagnostics);
            if (readError is not null)
            {
                diagnostics.Add(
                    new Diagnostic(
                        DiagnosticSeverity.Error,
                        display,
                        null,
                        null,
                        $"it cannot be read ({readError}); the schedules read last stay in force"
                    )
                );
            }
            else if (!ReferenceEquals(inForce, latest))
            {
                diagnostics.Add(
                    new Diagnostic(
                        DiagnosticSeverity.Error,
                        display,
                        null,
                        null,
                        "it cannot be understood as a whole; the schedules read last stay in force until it is mended"
                    )
                );
            }

            var now = _time.GetUtcNow();
            var catalog = _modes?.Catalog;
            foreach (var entry in latest.Entries)
            {
                if (StartsNothing(latest, entry, catalog) is { } problem)
                {
                    diagnostics.Add(problem);
                }

                if (entry.Schedule is { Active: true } schedule && Trouble(schedule, now) is var (severity, what))
                {
                    diagnostics.Add(latest.Text.DiagnosticAt(severity, entry.Node.Span.Start, what));
                }
            }

            return diagnostics;
        }
    }

    /// <summary>
    /// The active schedules in force that would start nothing when they are due, because what they name is not there: each with its place
    /// and what may have been meant.
    /// </summary>
    public IReadOnlyList<Diagnostic> StartingNothing => [.. WouldStartNothing().Select(static one => one.Problem)];

    /// <summary>Why each of them would start nothing, by its id.</summary>
    internal IReadOnlyDictionary<string, string> StartingNothingById =>
        WouldStartNothing()
            .DistinctBy(static one => one.Id, StringComparer.Ordinal)
            .ToDictionary(static one => one.Id, static one => one.Problem.Message, StringComparer.Ordinal);

    /// <summary>What all that this tells is made of: the same as long as the files say the same. The clock is beside it.</summary>
    internal ScheduleReading Reading
    {
        get
        {
            var (inForce, latest, error) = _file.Current;
            return new ScheduleReading(inForce, latest, error, _modes?.Catalog);
        }
    }

    /// <summary>Whether the file was read and understood as a whole, so that a schedule that is not in it is gone for sure.</summary>
    internal bool IsCertain => _file.Current is { ReadError: null, Latest.IsReadable: true };

    /// <summary>The schedule of that id.</summary>
    /// <exception cref="UserErrorException">There is none; the message names those there are.</exception>
    public Schedule Get(string id)
    {
        var schedules = Schedules;
        return schedules.FirstOrDefault(schedule => schedule.Id == id)
            ?? throw new UserErrorException(
                schedules.Count == 0
                    ? $"There is no schedule '{id}': {_paths.Display(FilePath)} holds none that can be used."
                    : $"There is no schedule '{id}' in {_paths.Display(FilePath)}. Its schedules: "
                        + $"{string.Join(", ", schedules.Take(20).Select(Named))}."
            );
    }

    // Why a schedule is never due. One that cannot even be asked is told, and keeps nothing of the others from being told.
    private static (DiagnosticSeverity Severity, string What)? Trouble(Schedule schedule, DateTimeOffset now)
    {
        try
        {
            // Backwards is asked as the scheduler does, though nothing is made of the answer.
            _ = schedule.Cron is null ? null : NextOccurrence.Last(schedule, now.AddDays(-1), now, null);
            return NextOccurrence.NeverFires(schedule, now) is { } reason
                ? (DiagnosticSeverity.Warning, $"schedule '{schedule.Id}' can never fire: {reason}")
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (DiagnosticSeverity.Error, $"schedule '{schedule.Id}' cannot fire: {exception.Message}");
        }
    }

    private List<(string Id, Diagnostic Problem)> WouldStartNothing()
    {
        var (inForce, _, _) = _file.Current;
        var catalog = _modes?.Catalog;
        var result = new List<(string, Diagnostic)>();
        foreach (var entry in inForce.Entries.Where(static entry => entry.Schedule is { Active: true }))
        {
            if (StartsNothing(inForce, entry, catalog) is { } problem)
            {
                result.Add((entry.Schedule!.Id, problem));
            }
        }

        return result;
    }

    private Diagnostic? StartsNothing(ScheduleSet set, ScheduleEntry entry, ModeCatalog? catalog)
    {
        if (entry.Schedule is not { } schedule)
        {
            return null;
        }

        if (schedule.Workflow is { } workflow)
        {
            // Its mode is not asked for then: the steps of the workflow have theirs.
            return _workflows?.Contains(workflow, StringComparer.Ordinal) == false
                ? set.Text.DiagnosticAt(
                    DiagnosticSeverity.Error,
                    entry.Node.Span.Start,
                    $"schedule '{schedule.Id}' names workflow '{workflow}', which there is not, so it starts "
                        + $"nothing; workflows here: {string.Join(", ", _workflows.Order(StringComparer.Ordinal))}"
                )
                : null;
        }

        // One that is inactive starts nothing anyway: it is told, and holds nothing back.
        return catalog is not null && catalog.Find(schedule.Mode) is null
            ? set.Text.DiagnosticAt(
                schedule.Active ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                entry.Node.Find("mode")?.Value.Span.Start ?? entry.Node.Span.Start,
                $"schedule '{schedule.Id}' names mode '{TextCut.Head(schedule.Mode, 80)}', which there is not, so it starts nothing; "
                    + UnknownMode.Hint(schedule.Mode, catalog)
            )
            : null;
    }

    private static string Named(Schedule schedule) => $"'{TextCut.Head(schedule.Id, 200)}' ({TextCut.Head(schedule.Name, 80)})";
}
