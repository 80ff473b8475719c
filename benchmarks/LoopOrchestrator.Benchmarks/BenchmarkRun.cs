using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What a benchmark measures, and where.</summary>
/// <param name="Program">The program under test.</param>
/// <param name="Place">Where its folders are.</param>
/// <param name="Results">Where its figures are kept.</param>
internal sealed record BenchmarkRun(ServerProgram Program, TemporaryFolder Place, Results Results);
