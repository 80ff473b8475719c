namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>What a page took.</summary>
/// <param name="Server">In the server, by its own word, in milliseconds.</param>
/// <param name="Whole">From the request to the last byte, in milliseconds.</param>
/// <param name="Content">What was answered.</param>
internal sealed record PageFigures(double Server, double Whole, byte[] Content);
