using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The two readers of the configuration file speak with one voice.</summary>
internal static class ConfigurationProblems
{
    /// <summary>What the host found, then what Core found in addition: a file that is no JSON is told once.</summary>
    /// <param name="problems">Of the options, variables and the host's part of the file.</param>
    /// <param name="diagnostics">Of Core's part of the file.</param>
    public static IReadOnlyList<ConfigurationProblem> Join(
        IReadOnlyList<ConfigurationProblem> problems,
        IReadOnlyList<Diagnostic> diagnostics
    )
    {
        var broken = problems.Any(problem => diagnostics.Any(diagnostic => IsWholeFile(problem, diagnostic)));
        return broken
            ? problems
            :
            [
                .. problems,
                .. diagnostics.Select(static diagnostic => new ConfigurationProblem(
                    diagnostic.Severity,
                    Place(diagnostic),
                    diagnostic.Message
                )),
            ];
    }

    // The host's problem with a key names the key behind the place; one without is about the whole file, and then Core could not read it
    // either.
    private static bool IsWholeFile(ConfigurationProblem problem, Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error
        && (
            problem.Source == diagnostic.File
            || (
                problem.Source.StartsWith(diagnostic.File + ":", StringComparison.Ordinal)
                && !problem.Source.Contains(' ', StringComparison.Ordinal)
            )
        );

    private static string Place(Diagnostic diagnostic) =>
        diagnostic.Line is null ? diagnostic.File
        : diagnostic.Column is null ? $"{diagnostic.File}:{diagnostic.Line}"
        : $"{diagnostic.File}:{diagnostic.Line}:{diagnostic.Column}";
}
