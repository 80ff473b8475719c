using LoopOrchestrator.Core.Findings;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The two readers of the configuration file speak with one voice.</summary>
internal static class ConfigurationProblems
{
    /// <summary>What the host found, then what Core found in addition: a file that is no JSON is told once.</summary>
    /// <param name="problems">Of the options, variables and the host's part of the file.</param>
    /// <param name="findings">Of Core's part of the file.</param>
    public static IReadOnlyList<ConfigurationProblem> Join(IReadOnlyList<ConfigurationProblem> problems, IReadOnlyList<Finding> findings)
    {
        var broken = problems.Any(problem => findings.Any(finding => IsWholeFile(problem, finding)));
        return broken
            ? problems
            : [.. problems, .. findings.Select(static finding => new ConfigurationProblem(finding.Severity, Place(finding), finding.Message))];
    }

    // The host's problem with a key names the key behind the place; one without is about the whole file, and then Core could not read it either.
    private static bool IsWholeFile(ConfigurationProblem problem, Finding finding) =>
        finding.Severity == FindingSeverity.Error
        && (problem.Source == finding.File || (problem.Source.StartsWith(finding.File + ":", StringComparison.Ordinal) && !problem.Source.Contains(' ', StringComparison.Ordinal)));

    private static string Place(Finding finding) =>
        finding.Line is null ? finding.File : finding.Column is null ? $"{finding.File}:{finding.Line}" : $"{finding.File}:{finding.Line}:{finding.Column}";
}
