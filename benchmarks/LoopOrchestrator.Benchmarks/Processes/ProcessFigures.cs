namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>What Linux tells about a process at one moment.</summary>
/// <param name="CpuSeconds">Processor time used so far, in steps of 10 ms.</param>
/// <param name="Descriptors">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Switches">How often its present threads have gone to sleep by themselves.</param>
internal sealed record ProcessFigures(double CpuSeconds, int Descriptors, int Threads, long Switches)
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessFigures Read(int processId)
    {
        var folder = $"/proc/{processId}";

        // The second field is the program's name in brackets and may hold anything; fields are counted behind it.
        var stat = File.ReadAllText($"{folder}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var switches = 0L;
        foreach (var thread in Directory.GetDirectories($"{folder}/task"))
        {
            switches += Switched(thread);
        }

        return new ProcessFigures(
            (long.Parse(fields[11]) + long.Parse(fields[12])) / TicksPerSecond,
            Directory.GetFileSystemEntries($"{folder}/fd").Length,
            int.Parse(fields[17]),
            switches);
    }

    private static long Switched(string thread)
    {
        const string key = "voluntary_ctxt_switches:";
        try
        {
            return File.ReadLines($"{thread}/status")
                .Where(static line => line.StartsWith(key, StringComparison.Ordinal))
                .Sum(static line => long.Parse(line.AsSpan(key.Length)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The thread ended in between.
            return 0;
        }
    }
}
