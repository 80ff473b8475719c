namespace LoopOrchestrator.Core.Diagnostics;

/// <summary>
/// Something in a file of the user's that could not be understood, or was understood by a fall-back rule.
/// Findings are reported and nothing is deleted because of one.
/// </summary>
/// <param name="Severity">What it holds back.</param>
/// <param name="File">The file, relative to the workspace with forward slashes where it lies inside, else absolute.</param>
/// <param name="Line">The line, counted from 1; <see langword="null"/> where the finding is about the file as a whole.</param>
/// <param name="Column">The column in characters, counted from 1; <see langword="null"/> where only the line is known.</param>
/// <param name="Message">What is wrong, why, and what to do about it.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string File, int? Line, int? Column, string Message)
{
    /// <summary>Renders the finding as compilers do: <c>file:line:column: severity: message</c>.</summary>
    public override string ToString()
    {
        var place =
            Line is null ? File
            : Column is null ? $"{File}:{Line}"
            : $"{File}:{Line}:{Column}";
        return $"{place}: {Severity switch { DiagnosticSeverity.Error => "error", DiagnosticSeverity.Warning => "warning", _ => "note" }}"
            + $": {Message}";
    }
}
