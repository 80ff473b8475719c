namespace LoopOrchestrator.Testing.Processes;

/// <summary>
/// What the runtime of a program is told that a test starts, and that lives for seconds. What the program starts inherits it; a native one
/// has no such runtime.
/// </summary>
public static class RuntimeVariables
{
    /// <summary>The variables with their values.</summary>
    public static IReadOnlyDictionary<string, string> OfShortLives { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Writing and executing memory by two mappings of one file takes a tenth of a start, and brings the runtime itself under a
            // limit of the size of files.
            ["DOTNET_EnableWriteXorExecute"] = "0",

            // What was compiled ahead of time is compiled once more as soon as it is called often: a tenth of the processor time of a
            // server that answers a dozen calls, and the process ends before it pays.
            ["DOTNET_TC_CallCounting"] = "0",

            // Threads and pipes for debuggers, which nobody attaches.
            ["DOTNET_EnableDiagnostics"] = "0",
        };
}
