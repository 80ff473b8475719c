using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Reports;

/// <summary>Reads what a report is made of, page by page, and what pages and exports read in long rows. Changes nothing.</summary>
public sealed class ReportReader
{
    private const int Page = 500;
    private const int CyclePage = 100;
    private const int MaxEscalations = 1000;
    private const int MaxGroups = 366;

    private readonly WorkspacePaths _paths;
    private readonly IStorage _storage;
    private readonly TimingLog _timing;
    private readonly StatusReader _status;
    private readonly TimeProvider _time;

    internal ReportReader(WorkspacePaths paths, IStorage storage, TimingLog timing, StatusReader status, TimeProvider time)
    {
        _paths = paths;
        _storage = storage;
        _timing = timing;
        _status = status;
        _time = time;
    }

    /// <summary>Makes a report.</summary>
    /// <param name="period">Its period.</param>
    /// <param name="progress">Is told how many runs and cycles were read; from the reading thread.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Report> ReadAsync(ReportPeriod period, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var slots = await _storage.Ledger.SlotsAsync(scheduleId: null, period.From, period.To, cancellationToken);
        var (runs, cycles, read) = (new RunTally(), new CycleTally(), 0L);
        await foreach (var page in PagesAsync(new RunFilter { From = period.From, To = period.To }, cancellationToken))
        {
            var withoutEvidence = await _status.WithoutEvidenceAsync(page, cancellationToken);
            foreach (var run in page)
            {
                runs.Add(run, withoutEvidence.Contains(run.Id));
            }

            progress?.Invoke(read += page.Count);
        }

        RunPosition? before = null;
        do
        {
            var filter = new RunFilter
            {
                From = period.From,
                To = period.To,
                Before = before,
                Limit = CyclePage,
            };
            var page = await _storage.Cycles.ListAsync(filter, cancellationToken);
            foreach (var cycle in page)
            {
                cycles.Add(cycle);
            }

            before = page.Count == CyclePage ? new RunPosition(page[^1].Run.CreatedAt, page[^1].Run.Id) : null;
            progress?.Invoke(read += page.Count);
        } while (before is not null);

        var ledger = LedgerTally.Sum(slots, await MissingAsync(period, cancellationToken));
        var schedules = await _status.SchedulesAsync(cancellationToken);
        var time = _timing.Summarize(
            new TimingReportOptions
            {
                From = period.From,
                To = period.To,
                Limit = MaxGroups,
            }
        );
        var escalations = await _storage.Escalations.ListAsync(all: true, MaxEscalations, cancellationToken);
        return new Report
        {
            Workspace = Path.GetFileName(Path.TrimEndingDirectorySeparator(_paths.Root)),
            Period = period,
            MadeAt = _time.GetUtcNow(),
            Ledger = Named(ledger, schedules),
            Days = LedgerTally.Days(slots, period.From, period.To),
            Runs = runs.Sum(),
            Cycles = cycles.Sum(),
            Time = time.Report,
            Escalations = [.. escalations.Where(one => one.Since >= period.From && one.Since < period.To)],
        };
    }

    /// <summary>What became of the due moments of a schedule, by days, for <see cref="Plot.Slots"/>.</summary>
    /// <param name="scheduleId">The schedule; all when not given.</param>
    /// <param name="days">How many days, the present one the last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<SlotDay>> SlotsAsync(string? scheduleId, int days, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - days);
        return LedgerTally.Days(await _storage.Ledger.SlotsAsync(scheduleId, from, now, cancellationToken), from, now);
    }

    /// <summary>All runs that a filter lists, the newest first, without holding more than a page of them.</summary>
    /// <param name="filter">Which; its limit does not count.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<IReadOnlyList<Run>> PagesAsync(
        RunFilter filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(filter);
        for (var next = filter with { Limit = Page }; ;)
        {
            var page = await _storage.Runs.ListAsync(next, cancellationToken);
            if (page.Count > 0)
            {
                yield return page;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            next = next with { Before = new RunPosition(page[^1].CreatedAt, page[^1].Id) };
        }
    }

    private static ReportLedger Named(ReportLedger ledger, IReadOnlyList<ScheduleStatus> schedules)
    {
        var names = schedules.ToLookup(static one => one.Schedule.Id, static one => one.Schedule.Name, StringComparer.Ordinal);
        return ledger with { Schedules = [.. ledger.Schedules.Select(one => one with { Name = names[one.ScheduleId].FirstOrDefault() })] };
    }

    // Nobody has entered them, so they are told by the schedules as they are now; those of a period that is over have been entered since.
    private async Task<IReadOnlyDictionary<string, long>> MissingAsync(ReportPeriod period, CancellationToken cancellationToken) =>
        period.To < _time.GetUtcNow() - OccurrenceSlot.Length
            ? new Dictionary<string, long>(StringComparer.Ordinal)
            : (await _status.ReadAsync(cancellationToken)).Schedules.ToDictionary(
                static one => one.Schedule.Id,
                static one => one.MissingCount,
                StringComparer.Ordinal
            );
}
