using System.Globalization;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>What Linux tells about a process at one moment.</summary>
/// <param name="CpuSeconds">Processor time used so far, in steps of 10 ms.</param>
/// <param name="Descriptors">Open descriptors.</param>
/// <param name="SwitchesOfThreads">How often each of its present threads has gone to sleep by itself.</param>
internal sealed record ProcessFigures(double CpuSeconds, int Descriptors, IReadOnlyDictionary<string, long> SwitchesOfThreads)
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public int Threads => SwitchesOfThreads.Count;

    /// <summary>The resident memory of a process, in MB.</summary>
    public static double ResidentMegabytes(int processId) =>
        File.ReadLines($"/proc/{processId}/status")
            .Where(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(static line => Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6)
            .First();

    public static ProcessFigures Read(int processId)
    {
        var folder = $"/proc/{processId}";

        // The second field is the program's name in brackets and may hold anything; fields are counted behind it.
        var stat = File.ReadAllText($"{folder}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessFigures(
            (Number(fields[11]) + Number(fields[12])) / TicksPerSecond,
            Directory.GetFileSystemEntries($"{folder}/fd").Length,
            Directory.GetDirectories($"{folder}/task").ToDictionary(static thread => thread, Switches, StringComparer.Ordinal)
        );
    }

    /// <summary>How often its threads have gone to sleep since then. What a thread did that has ended in between is not known.</summary>
    public long SwitchesSince(ProcessFigures earlier) =>
        SwitchesOfThreads.Sum(thread => Math.Max(0, thread.Value - earlier.SwitchesOfThreads.GetValueOrDefault(thread.Key)));

    private static long Switches(string thread)
    {
        const string key = "voluntary_ctxt_switches:";
        try
        {
            return File.ReadLines($"{thread}/status")
                .Where(static line => line.StartsWith(key, StringComparison.Ordinal))
                .Sum(static line => Number(line[key.Length..]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The thread ended in between.
            return 0;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
