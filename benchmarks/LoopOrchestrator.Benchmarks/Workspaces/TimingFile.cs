using System.Globalization;

namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>Writes a long <c>task_timing.tsv</c> as years of work leave it: pairs of rows, some of which overlap.</summary>
internal static class TimingFile
{
    private const int Modes = 24;
    private const int Overlap = 3;
    private static readonly string[] Priorities = ["schedule", "todo", "normal"];
    private static readonly DateTime First = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pairs">How many intervals, two rows each, over two years.</param>
    /// <param name="tasks">How many different texts their tasks have.</param>
    public static void Write(string path, int pairs, int tasks)
    {
        using var file = new StreamWriter(path);
        file.Write("timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n");
        var step = TimeSpan.FromDays(730) / pairs;
        var open = new Queue<int>();
        for (var pair = 0; pair < pairs; pair++)
        {
            var start = Text(First + (step * pair));
            file.Write(
                $"{start}\t{Mode(pair)}\t{Id(pair)}\t{start}\t\t\t{Task(pair, tasks)}\tstarted\t"
                    + $"{Priorities[pair / 7 % Priorities.Length]}\n"
            );
            open.Enqueue(pair);
            if (open.Count > Overlap)
            {
                Close(file, open.Dequeue(), step, tasks);
            }
        }

        while (open.TryDequeue(out var pair))
        {
            Close(file, pair, step, tasks);
        }
    }

    private static void Close(StreamWriter file, int pair, TimeSpan step, int tasks)
    {
        var start = First + (step * pair);
        var seconds = 1 + (pair * 7919L % 4000);
        var end = Text(start.AddSeconds(seconds));
        file.Write(
            $"{end}\t{Mode(pair)}\t{Id(pair)}\t{Text(start)}\t{end}\t{seconds}\t{Task(pair, tasks)}\tcompleted\t"
                + $"{Priorities[pair / 7 % Priorities.Length]}\n"
        );
    }

    private static string Mode(int pair) => $"mode-{pair % Modes:00}";

    private static string Id(int pair) => ((uint)pair * 2654435761u).ToString("x8", CultureInfo.InvariantCulture);

    private static string Task(int pair, int tasks) => $"Task number {pair % tasks} of the plan";

    private static string Text(DateTime moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
