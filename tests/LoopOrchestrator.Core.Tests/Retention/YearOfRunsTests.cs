using System.Globalization;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Retention;

/// <summary>
/// What a year at one run a minute leaves on the disk: the rows of the database that are kept, and the time log of all of it.
/// </summary>
public sealed class YearOfRunsTests : IDisposable
{
    private const int RunsADay = 24 * 60;
    private const int DaysOfAYear = 365;
    private const long Allowed = 200_000_000;

    private readonly TestWorkspace _test = new(new TemporaryFolder(), new RunLimits { MaxAttempts = 1, RunsPerHour = 100_000 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("code", "Nightly checks")]
    [InlineData("implementation-core", "Nightly checks of all projects")]
    public Task Year_FromSomeHours_CostsAtMost200Megabytes(string mode, string name) => MeasureAsync(mode, name, warmUp: 80, runs: 160);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData("code", "Nightly checks")]
    [InlineData("implementation-core", "Nightly checks of all projects")]
    public Task Year_FromThreeDays_CostsAtMost200Megabytes(string mode, string name) =>
        MeasureAsync(mode, name, warmUp: RunsADay, runs: 3 * RunsADay);

    // Real runs of a real schedule, as far as to the supervisor; what each adds to both files is the same for all. A character more in the
    // name or the mode stands in two rows of the log for each run: 1.05 MB a year.
    private async Task MeasureAsync(string mode, string name, int warmUp, int runs)
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        _test.WriteSchedules(
            $$"""
            {"id":"1761482303261","name":"{{name}}","mode":"{{mode}}","taskInstructions":"Take the next open item of the plan, implement it with a test, and write down what is left.",
             "timeInterval":1,"timeUnit":"minute","timeZone":"UTC"}
            """
        );
        await FireAsync(warmUp);
        var before = await SizeAsync();
        await FireAsync(runs);
        var after = await SizeAsync();

        var runsInBetween = after.Runs - before.Runs;
        runsInBetween.Should().BeInRange(runs - 2, runs + 2);
        var (database, log) = ((after.Database - before.Database) / runsInBetween, (after.Log - before.Log) / runsInBetween);
        var year = (database * new RunLimits().KeepRunsCount) + (log * RunsADay * DaysOfAYear);
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{database} bytes of the database for a run, of which {new RunLimits().KeepRunsCount} are kept; {log} "
                    + $"bytes of the time log; a year: {year / 1e6:0.0} MB"
            )
        );
        year.Should().BeLessThanOrEqualTo(Allowed);
    }

    private async Task FireAsync(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            await _test.PassAfterAsync(TimeSpan.FromMinutes(1));
            await _test.RunPassAsync();
        }
    }

    private async Task<(long Database, long Log, long Runs)> SizeAsync() =>
        await _test.Workspace.Database.ReadAsync(
            connection =>
                (
                    connection.Scalar(
                        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
                    ),
                    new FileInfo(_test.Paths.Timing).Length + MonthsOf(_test.Paths.TimingMonths),
                    connection.Scalar("SELECT COUNT(*) FROM runs")
                ),
            Token
        );

    private static long MonthsOf(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles().Sum(static file => file.Length) : 0;
}
