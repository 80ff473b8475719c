using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>One thing about the configuration that keeps the server from starting, or that is worth a warning.</summary>
/// <param name="Severity">Only <see cref="DiagnosticSeverity.Error"/> keeps the server from starting.</param>
/// <param name="Source">The option, variable or place in a file.</param>
/// <param name="Message">What is wrong, with the value, and what to do.</param>
internal sealed record ConfigurationProblem(DiagnosticSeverity Severity, string Source, string Message)
{
    public bool IsError => Severity == DiagnosticSeverity.Error;

    public static ConfigurationProblem Error(string source, string message) => new(DiagnosticSeverity.Error, source, message);

    public static ConfigurationProblem Warning(string source, string message) => new(DiagnosticSeverity.Warning, source, message);

    public override string ToString() => SafeText.Escape($"{Source}: {(IsError ? "error" : "warning")}: {Message}");
}
