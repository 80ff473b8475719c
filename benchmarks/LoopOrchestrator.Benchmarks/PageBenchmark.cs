using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What the pages of the dashboard cost on a store of years, beside an empty one and beside get_status.</summary>
internal static partial class PageBenchmark
{
    private const double EmptyBound = 3;
    private const double StatusBound = 2;
    private const int ByteBound = 100_000;
    private static readonly string[] Pages = ["/", "/schedules", "/schedules/show?id=s1"];

    public static Command Create()
    {
        var runs = CommonOptions.Number("--runs", 100_000, 100, 10_000_000, "Runs in the full store.");
        var rows = CommonOptions.Number("--rows", 1_000_000, 2, 100_000_000, "Rows of its time log.");
        var turns = CommonOptions.Number("--turns", 100, 1, 100_000, "Requests of each page to each server, by turns.");
        return new Command(
            "page",
            $"Pages with many runs and time rows: at most {EmptyBound} times the time of an empty store, {StatusBound} times get_status."
        )
        {
            runs,
            rows,
            turns,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(runs), parsed.GetValue(rows), parsed.GetValue(turns), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int runs,
        int rows,
        int turns,
        CancellationToken cancellationToken
    )
    {
        var (empty, full) = (place.Create("empty"), place.Create("full"));
        FullStore.WriteFiles(empty);
        FullStore.WriteFiles(full);
        await program.AskForARunAsync(full, cancellationToken);
        FullStore.Fill(full, runs);
        TimingFile.Write(Path.Combine(full, "task_timing.tsv"), rows / 2, 1_000);

        await using var small = await HttpServer.StartAsync(program, empty, cancellationToken);
        await using var large = await HttpServer.StartAsync(program, full, cancellationToken);
        var met = true;
        foreach (var page in Pages)
        {
            met &= await MeasureAsync(small, large, page, runs, turns, cancellationToken);
        }

        return met & await WeighAsync(large, cancellationToken);
    }

    private static async Task<bool> MeasureAsync(
        HttpServer small,
        HttpServer large,
        string page,
        int runs,
        int turns,
        CancellationToken cancellationToken
    )
    {
        List<double> ofEmpty = [],
            ofFull = [],
            whole = [],
            status = [];
        for (var turn = -5; turn < turns; turn++)
        {
            var first = await small.PageAsync(page, cancellationToken);
            var second = await large.PageAsync(page, cancellationToken);
            var call = await large.CallAsync("get_status", cancellationToken);
            if (turn < 0)
            {
                // What is made at the first request does not count.
                continue;
            }

            ofEmpty.Add(first.Server);
            ofFull.Add(second.Server);
            whole.Add(second.Whole);
            status.Add(call);
        }

        var table = Table.OfSamples($"{page}, ms ({turns} turns, {runs} runs)");
        table.Add("server time, empty store", new Samples(ofEmpty), "0.00");
        table.Add("server time, full store", new Samples(ofFull), "0.00");
        table.Add("to the last byte, full store", new Samples(whole), "0.00");
        table.Add("get_status, full store", new Samples(status), "0.00");
        var (beside, besideStatus) = (
            new Samples(ofFull).Median / new Samples(ofEmpty).Median,
            new Samples(whole).Median / new Samples(status).Median
        );
        return Table.Verdict($"median at most {EmptyBound} times that of an empty store: {beside:0.00}", beside <= EmptyBound)
            & Table.Verdict($"median at most {StatusBound} times that of get_status: {besideStatus:0.00}", besideStatus <= StatusBound);
    }

    // As a browser loads it that has none of it yet, and asks for nothing compressed.
    private static async Task<bool> WeighAsync(HttpServer server, CancellationToken cancellationToken)
    {
        var page = (await server.PageAsync("/", cancellationToken)).Content;
        var bytes = (long)page.Length;
        foreach (
            var file in Assets().Matches(Encoding.UTF8.GetString(page)).Select(static match => match.Value).Distinct(StringComparer.Ordinal)
        )
        {
            bytes += await server.LengthAsync(file, cancellationToken);
        }

        return Table.Verdict($"the first look at / is below {ByteBound} bytes in all: {bytes}", bytes < ByteBound);
    }

    [GeneratedRegex("/assets/[a-z0-9.-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assets();
}
