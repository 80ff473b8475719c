using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// How the cost of an operation grows with what is there already: schedules, runs, rows of the time log, entries of the memory, items of
/// the plan. Servers with each number are called in turn; the floor is the same operation where there is little.
/// </summary>
internal static class GrowthBenchmark
{
    private const double SingleBound = 0.1;
    private const double ListingBound = 1.05;
    private const int FittedFrom = 1_000;
    private static readonly TimeSpan LongTurn = TimeSpan.FromSeconds(5);

    private static readonly GrowthKind[] Kinds =
    [
        // The file has no place for more than 1000.
        new("schedules", 1_000, static (_, folder, size, _) => Write(() => WriteSchedules(folder, size)))
        {
            Single =
            [
                new("save_schedule (its name)", static (server, turn) =>
                    Named(server, "save_schedule", "schedule_id", "bench-1", "name", $"Bench {turn}")
                ),
            ],
            Listing = [new("list_schedules", static (server, _) => server.CallAsync("list_schedules", [], CancellationToken.None))],
        },
        new("runs", 1_000_000, WriteRunsAsync)
        {
            Single =
            [
                new("get_run", static (server, _) => Named(server, "get_run", "run_id", "run-20240101-000000-00000032")),
                new("list_runs, a page of 20", static (server, _) => server.CallAsync("list_runs", [], CancellationToken.None)),
                new("run_mode, a hand-off", static (server, turn) => Named(server, "run_mode", "mode", "code", "task", $"Work {turn}")),
                new("get_status", static (server, _) => server.CallAsync("get_status", [], CancellationToken.None)),
            ],
            Listing = [new("list_runs, all pages", static (server, _) => AllRunsAsync(server))],
        },
        new("time rows", 1_000_000, static (_, folder, size, _) => Write(() => WriteTimes(folder, size)))
        {
            Single = [new("log_timing, a record", static (server, turn) => server.CallAsync(
                        "log_timing",
                        new JsonObject
                        {
                            ["action"] = "record",
                            ["task"] = $"Work {turn}",
                            ["mode"] = "code",
                            ["start_time"] = "2026-01-01T00:00:00Z",
                            ["end_time"] = "2026-01-01T00:01:00Z",
                        },
                        CancellationToken.None
                    ))],
            Listing = [new("get_timing, sums of all", static (server, _) => server.CallAsync("get_timing", [], CancellationToken.None))],
        },
        new("memory entries", 1_000_000, static (_, folder, size, _) => Write(() => NoteFiles.WriteMemory(folder, size)))
        {
            Single =
            [
                new("append_memory", static (server, turn) =>
                    Named(server, "append_memory", "section", "updates", "content", $"Found {turn}")
                ),
                new("search_memory", static (server, _) => Named(server, "search_memory", "query", NoteFiles.RareWord)),
            ],
            Listing = [new("read_memory with a query", static (server, _) => Named(server, "read_memory", "query", NoteFiles.RareWord))],
        },
        // The file may have 4 MiB.
        new("TODO items", 100_000, static (_, folder, size, _) => Write(() => NoteFiles.WritePlan(folder, size)))
        {
            Single = [new("list_todos and update_todo, the first item", TickAsync)],
            Listing =
            [
                new("list_todos, as many as it gives", static (server, _) =>
                    server.CallAsync("list_todos", new JsonObject { ["limit"] = 1000 }, CancellationToken.None)
                ),
            ],
        },
    ];

    public static Command Create()
    {
        var most = CommonOptions.Number(
            "--most",
            1_000_000,
            FittedFrom,
            1_000_000,
            "The largest number of each, where the files have room."
        );
        var rounds = CommonOptions.Number("--rounds", 30, 1, 10_000, "Turns of each operation; of full listings at most 5.");
        var only = new Option<string?>("--only")
        {
            HelpName = "KIND",
            Description = "One kind: " + string.Join(", ", Kinds.Select(static kind => kind.Name)),
        };
        only.AcceptOnlyFromAmong([.. Kinds.Select(static kind => kind.Name)]);
        return new Command(
            "growth",
            $"Cost of operations at 100 to 1,000,000 of each kind with the fitted exponent from {FittedFrom} on: at most {SingleBound} "
                + $"for a single operation, {ListingBound} for a full listing."
        )
        {
            most,
            rounds,
            only,
        }.WithResults(
            async (parsed, run, cancellationToken) =>
            {
                var met = true;
                foreach (var kind in Kinds.Where(kind => parsed.GetValue(only) is not { } name || kind.Name == name))
                {
                    met &= await MeasureAsync(run, kind, parsed.GetValue(most), parsed.GetValue(rounds), cancellationToken);
                }

                return met;
            }
        );
    }

    private static async Task<bool> MeasureAsync(
        BenchmarkRun run,
        GrowthKind kind,
        int most,
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var sizes = new List<int>();
        for (var size = 100; size <= Math.Min(most, kind.Most); size *= 10)
        {
            sizes.Add(size);
        }

        var servers = new List<Server>();
        try
        {
            foreach (var size in sizes)
            {
                var folder = run.Place.Create($"{kind.Name.Replace(' ', '-')}-{size}");
                await kind.Prepare(run.Program, folder, size, cancellationToken);
                var server = Server.Start(run.Program, folder);
                servers.Add(server);
                await server.InitializeAsync(cancellationToken);
            }

            var met = true;
            foreach (var operation in kind.Single)
            {
                met &= await MeasureAsync(run, kind, operation, servers, sizes, rounds, SingleBound, cancellationToken);
            }

            foreach (var operation in kind.Listing)
            {
                met &= await MeasureAsync(run, kind, operation, servers, sizes, Math.Min(rounds, 5), ListingBound, cancellationToken);
            }

            return met;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<bool> MeasureAsync(
        BenchmarkRun run,
        GrowthKind kind,
        GrowthOperation operation,
        List<Server> servers,
        List<int> sizes,
        int rounds,
        double bound,
        CancellationToken cancellationToken
    )
    {
        var times = sizes.Select(static _ => new List<double>()).ToList();
        var begin = Stopwatch.GetTimestamp();
        for (var round = -1; round < rounds && (round < 1 || Stopwatch.GetElapsedTime(begin) < LongTurn * sizes.Count); round++)
        {
            foreach (var index in Turns.Of([.. Enumerable.Range(0, sizes.Count)], round + 1))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var start = Stopwatch.GetTimestamp();
                await operation.Do(servers[index], round);
                if (round >= 0)
                {
                    // What is made at the first call does not count.
                    times[index].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        var fitted = Enumerable.Range(0, sizes.Count).Where(index => sizes.Count < 3 || sizes[index] >= FittedFrom).ToList();
        var table = Table.OfSamples($"{operation.Name}, ms ({times[0].Count} turns)");
        for (var index = 0; index < sizes.Count; index++)
        {
            table.Add($"{sizes[index]} {kind.Name}", new Samples(times[index]), "0.000");
        }

        // Of the medians; its spread is that of the single turns.
        var fittedSizes = fitted.ConvertAll(index => sizes[index]);
        var exponent = Growth.Exponent(fittedSizes, fitted.ConvertAll(index => new Samples(times[index]).Median));
        table.Add(
            "exponent of each turn",
            new Samples(
                Enumerable
                    .Range(0, times[0].Count)
                    .Select(turn => Growth.Exponent(fittedSizes, fitted.ConvertAll(index => times[index][turn])))
            ),
            "0.00"
        );
        var (small, large) = (times[fitted[0]], times[fitted[^1]]);
        run.Results.Add(
            $"{operation.Name}: {fittedSizes[^1]} {kind.Name}",
            new Samples(large.Zip(small, static (one, other) => one / other)),
            $"the same with {fittedSizes[0]}"
        );
        return Table.Verdict($"{operation.Name}: exponent {exponent:0.00}, at most {bound}", exponent <= bound);
    }

    private static Task<JsonObject> Named(Server server, string tool, params string[] arguments)
    {
        var named = new JsonObject();
        foreach (var pair in arguments.Chunk(2))
        {
            named[pair[0]] = pair[1];
        }

        return server.CallAsync(tool, named, CancellationToken.None);
    }

    private static async Task AllRunsAsync(Server server)
    {
        for (string? cursor = "", next = null; cursor is not null; cursor = next)
        {
            var arguments = new JsonObject { ["limit"] = 200 };
            if (cursor.Length > 0)
            {
                arguments["cursor"] = cursor;
            }

            next = (string?)(await server.CallAsync("list_runs", arguments, CancellationToken.None))["next_cursor"];
        }
    }

    private static async Task TickAsync(Server server, int turn)
    {
        // The id of an item is made of its text, so that it stays what it was when it is ticked.
        var listed = await server.CallAsync(
            "list_todos",
            new JsonObject { ["limit"] = 1, ["include_completed"] = true },
            CancellationToken.None
        );
        await Named(server, "update_todo", "action", turn % 2 == 0 ? "check" : "uncheck", "id", (string)listed["items"]![0]!["id"]!);
    }

    private static Task Write(Action write)
    {
        write();
        return Task.CompletedTask;
    }

    private static void WriteSchedules(string folder, int size)
    {
        WorkspaceFiles.WriteSchedules(folder, WorkspaceFiles.FarCrons(size));
        WorkspaceFiles.WriteHandOffs(folder);
    }

    private static async Task WriteRunsAsync(ServerProgram program, string folder, int size, CancellationToken cancellationToken)
    {
        FullStore.WriteFiles(folder);
        await program.AskForARunAsync(folder, cancellationToken);
        FullStore.Fill(folder, size);
    }

    private static void WriteTimes(string folder, int size)
    {
        FullStore.WriteFiles(folder);
        TimingFile.Write(Path.Combine(folder, "task_timing.tsv"), size / 2, Math.Max(1, size / 1_000));
    }

    /// <summary>An operation on a server.</summary>
    /// <param name="Name">What it is called with.</param>
    /// <param name="Do">Does it; the number is that of the turn, from -1 on.</param>
    private sealed record GrowthOperation(string Name, Func<Server, int, Task> Do);

    /// <summary>What there is more and more of.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Most">The most of it that a workspace may have, or that is measured.</param>
    /// <param name="Prepare">Writes a workspace with so much of it.</param>
    private sealed record GrowthKind(string Name, int Most, Func<ServerProgram, string, int, CancellationToken, Task> Prepare)
    {
        /// <summary>Operations on one of it.</summary>
        public required IReadOnlyList<GrowthOperation> Single { get; init; }

        /// <summary>Operations on all of it.</summary>
        public required IReadOnlyList<GrowthOperation> Listing { get; init; }
    }
}
