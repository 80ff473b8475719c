namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>The program under test.</summary>
/// <param name="Path">Its file, absolute.</param>
internal sealed record ServerProgram(string Path)
{
    /// <summary>The variable that names another program than the one built with the benchmarks.</summary>
    public const string Variable = "LOOP_BENCH_EXECUTABLE";

#if DEBUG
    private const string Built = "Debug build, so the figures say little: use -c Release";
#else
    private const string Built = "Release build beside the benchmarks";
#endif

    private static string BesideUs =>
        System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "loop-orchestrator.exe" : "loop-orchestrator");

    public static ServerProgram Find(string? option)
    {
        var named = option ?? Environment.GetEnvironmentVariable(Variable);
        var path = System.IO.Path.GetFullPath(string.IsNullOrEmpty(named) ? BesideUs : named);
        if (!File.Exists(path))
        {
            throw new BenchmarkException($"There is no program {path}. Name it with --executable or {Variable}.");
        }

        // A program for the runtime has its code in a library of the same name; a native one is all there is.
        var compiled = File.Exists(System.IO.Path.ChangeExtension(path, ".dll")) ? "JIT" : "native";
        Console.WriteLine($"program: {path} ({(path == BesideUs ? Built + ", " : "")}{compiled})");
        Console.WriteLine($"machine: {Environment.ProcessorCount} processors, {Environment.OSVersion.VersionString}");
        return new ServerProgram(path);
    }
}
