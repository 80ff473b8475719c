using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>Ends the process behind each commit of a cycle, one after the other, and lets another one go on.</summary>
public sealed partial class CycleCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Each kind of commit comes several times in a cycle, so every seventh one has them all.
    [Fact]
    public Task Cycle_KilledBehindEverySeventhCommit_EndsAsAnUndisturbedOne() => KillBehindAsync(every: 7);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Cycle_KilledBehindAnyCommit_EndsAsAnUndisturbedOne() => KillBehindAsync(every: 1);

    private static async Task KillBehindAsync(int every)
    {
        var (undisturbed, commits) = await PlayAsync(killAt: null);
        undisturbed.Should().Contain("run succeeded: all 5 stages of workflow 'default' passed").And.Contain("rework");
        commits.Should().BeGreaterThan(40, "every transition is a commit");

        await Parallel.ForEachAsync(
            Enumerable.Range(1, commits).Where(commit => commit % every == 0),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Token },
            async (killAt, _) =>
            {
                var (disturbed, _) = await PlayAsync(killAt);
                disturbed.Should().Be(undisturbed, $"the process ended behind commit {killAt}");
            }
        );
    }

    // One cycle with one rework, up to its end. The process ends behind one of its commits; then another one goes on.
    private static async Task<(string Story, int Commits)> PlayAsync(int? killAt)
    {
        using var play = new CycleWorkspace(CycleWorkspace.Five());
        var checks = 0;
        play.Exit = name => name == "check" && ++checks == 1 ? 1 : 0;
        play.Test.WriteSchedules(TestWorkspace.Every(60, more: "\"workflow\":\"default\""));
        var commits = 0;
        play.Test.Workspace.Database.AfterCommit = () =>
        {
            if (++commits == killAt)
            {
                throw new KilledException();
            }
        };
        for (var look = 0; look < 60; look++)
        {
            try
            {
                await play.Test.RunPassAsync();
                if (
                    (await play.Test.Workspace.Cycles.ListAsync(new Core.Runs.Stores.RunFilter(), Token)).SingleOrDefault() is
                    { Run: { EndedAt: not null, MemoryPending: false, StopRowPending: false } }
                )
                {
                    break;
                }
            }
            catch (KilledException)
            {
                await play.Test.KillAsync();
            }
        }

        return (await StoryAsync(play), commits);
    }

    // All that is to be seen of it, without what differs from one to the next by nature: ids and hashes of moments.
    private static async Task<string> StoryAsync(CycleWorkspace play)
    {
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new Core.Runs.Stores.RunFilter(), Token)).Single();
        var occurrences = await play.Test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token);
        var rows = TimingLogReader.Read(play.Test.Paths).Entries;
        var memory = await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        return RunIds()
            .Replace(
                string.Join(
                    '\n',
                    [
                        $"run {cycle.Run.State.ToString().ToLowerInvariant()}: {cycle.Run.Reason}; reworks "
                            + $"{cycle.Reworks}; {cycle.Run.Summary}",
                        .. cycle.Items.Select(item =>
                            $"{item.Number} {item.Visit} {item.Stage} {item.Kind} {item.Name} {item.State} {item.Reason} "
                            + $"{item.RunId} {item.Before} {item.After} {item.ExitCode}"
                        ),
                        .. (await play.StoryAsync(cycle.Run.Id)).Where(static text =>
                            !text.StartsWith("queued again", StringComparison.Ordinal)
                        ),
                        .. occurrences.Select(row => $"occurrence {row.DueAt} {row.Outcome} {row.Count} {row.RunId}"),
                        .. rows.Select(row => $"row {row.Kind} {row.Mode} {row.Result}").Order(StringComparer.Ordinal),
                        .. memory.Sections.SelectMany(section => section.Entries).Select(entry => $"memory {entry.Text}"),
                        $"started {string.Join(' ', play.Started)}",
                    ]
                ),
                match => ids.TryGetValue(match.Value, out var known) ? known : ids[match.Value] = $"run-{ids.Count + 1}"
            );
    }

    [GeneratedRegex(@"run-\d{8}-\d{6}-[0-9a-f]{8}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex RunIds();

    private sealed class KilledException : Exception;
}
