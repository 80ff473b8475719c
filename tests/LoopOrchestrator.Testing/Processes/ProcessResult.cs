namespace LoopOrchestrator.Testing.Processes;

/// <summary>What a program left that ran to its end.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error);
