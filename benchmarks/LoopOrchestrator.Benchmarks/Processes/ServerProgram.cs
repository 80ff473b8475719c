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

    /// <summary>How it is started over HTTP, on a free port.</summary>
    public ServerCommand Http => new(Path, "--mode", "http", "--port", "0", "--trust-workspace");

    /// <summary>How it is started over stdio.</summary>
    public ServerCommand Stdio(params IEnumerable<string> arguments) => new(Path, ["--mode", "stdio", .. arguments]);

    /// <summary>The commit that it was built from, as it says itself.</summary>
    /// <exception cref="BenchmarkException">It does not say.</exception>
    public async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        var version = (await FinishedProcess.RunAsync(Path, ["--version"], cancellationToken)).Trim();
        return version.Split('+') is [_, { Length: 40 } commit]
            ? commit[..12]
            : throw new BenchmarkException($"{Path} calls itself '{version}', which names no commit to keep results by.");
    }

    /// <summary>Puts a first run into the store of a workspace, one for whoever comes and claims it.</summary>
    public Task AskForARunAsync(string folder, CancellationToken cancellationToken) =>
        FinishedProcess.RunAsync(Path, ["run", "code", "the first work", "--workspace", folder], cancellationToken);

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
        Console.WriteLine(
            $"machine: {Environment.ProcessorCount} processors, {Environment.OSVersion.VersionString}, load average {MachineLoad.Now}"
        );
        return new ServerProgram(path);
    }
}
