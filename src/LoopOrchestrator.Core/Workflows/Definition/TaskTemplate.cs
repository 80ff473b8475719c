using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>
/// The placeholders in the task of a step: <c>{task}</c>, <c>{cycle}</c> and <c>{schedule}</c>. Names in doubled braces stand for
/// themselves in
/// single ones; all other braces are text. Pure.
/// </summary>
internal static partial class TaskTemplate
{
    /// <summary>The names that stand for something, without their braces.</summary>
    public static IReadOnlyList<string> Names { get; } = ["task", "cycle", "schedule"];

    /// <summary>The names in braces that stand for nothing, each once.</summary>
    public static IReadOnlyList<string> Unknown(string template) =>
        [
            .. Placeholder()
                .Matches(template)
                .Where(static match => !match.Value.StartsWith("{{", StringComparison.Ordinal))
                .Select(static match => match.Groups["name"].Value)
                .Where(static name => !Names.Contains(name, StringComparer.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Puts in what the placeholders stand for; what comes in is not looked at again.</summary>
    /// <param name="template">The task of a step.</param>
    /// <param name="task">What the cycle is for.</param>
    /// <param name="cycle">The cycle's id.</param>
    /// <param name="schedule">
    /// The schedule's id; <see langword="null"/> for a cycle that no schedule asked for, which leaves nothing in its place.
    /// </param>
    public static string Fill(string template, string task, string cycle, string? schedule) =>
        Placeholder()
            .Replace(template, match => match.Value.StartsWith("{{", StringComparison.Ordinal)
                    ? match.Value[1..^1]
                    : match.Groups["name"].Value switch
                    {
                        "task" => task,
                        "cycle" => cycle,
                        "schedule" => schedule ?? "",
                        _ => match.Value,
                    });

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}|\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Placeholder();
}
