using System.CommandLine;
using LoopOrchestrator.Benchmarks;

var root = new RootCommand(
    "Measures whole processes. Each benchmark prints a table and writes only temporary folders that it removes. Exit code "
        + "1: a bound was missed."
)
{
    StartBenchmark.Create(),
    FiringBenchmark.Create(),
    IdleBenchmark.Create(),
    LoadBenchmark.Create(),
    OverheadBenchmark.Create(),
    CancelBenchmark.Create(),
    AppendBenchmark.Create(),
    TimingBenchmark.Create(),
    PageBenchmark.Create(),
    StreamsBenchmark.Create(),
    CallsBenchmark.Create(),
    GrowthBenchmark.Create(),
    LatenessBenchmark.Create(),
    WeekBenchmark.Create(),
    TogetherBenchmark.Create(),
};

// Ctrl+C ends a benchmark in order, so that its servers end and its folders go.
var invocation = new InvocationConfiguration
{
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    EnableDefaultExceptionHandler = false,
};
try
{
    return await root.Parse(args).InvokeAsync(invocation);
}
catch (BenchmarkException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 2;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
