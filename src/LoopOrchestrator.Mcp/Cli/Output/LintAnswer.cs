namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>modes lint --json</c> prints.</summary>
/// <param name="File">The file that was read.</param>
/// <param name="Exists">Whether it is there; without the workspace's own the built-in modes are in force.</param>
/// <param name="Modes">How many modes it has that can be used.</param>
/// <param name="Errors">How much of it is not in force, or refused by Roo Code; none where the command ends with 0.</param>
/// <param name="Findings">What was found, as <c>file:line:column: severity: message</c>.</param>
internal sealed record LintAnswer(string File, bool Exists, int Modes, int Errors, IReadOnlyList<string> Findings);
