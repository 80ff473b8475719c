namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>What a month's file has gained.</summary>
/// <param name="File">The file, relative to the workspace.</param>
/// <param name="Lines">Lines of the log, which are mostly rows.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record MovedMonth(string File, int Lines, long Bytes);
