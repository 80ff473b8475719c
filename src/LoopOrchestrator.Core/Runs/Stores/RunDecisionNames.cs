namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>The names under which kinds of decisions are stored.</summary>
internal static class RunDecisionNames
{
    /// <summary>The kind's name.</summary>
    public static string Name(this RunDecisionCode code) =>
        code switch
        {
            RunDecisionCode.NeverBegun => "never_begun",
            RunDecisionCode.ReportRefused => "report_refused",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, message: null),
        };

    /// <summary>The kind of that name; <see langword="null"/> for none.</summary>
    public static RunDecisionCode? Code(string? name) =>
        name switch
        {
            "never_begun" => RunDecisionCode.NeverBegun,
            "report_refused" => RunDecisionCode.ReportRefused,
            _ => null,
        };
}
