namespace LoopOrchestrator.Benchmarks;

/// <summary>A measurement that could not be made; the message says why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
