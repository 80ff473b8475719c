using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>Options that take a moment.</summary>
internal static class Moments
{
    public static Option<DateTimeOffset?> Option(string name, string description) =>
        new(name)
        {
            HelpName = "MOMENT",
            Description = description + " ISO 8601; UTC where it names no offset.",
            CustomParser = result => Parse(name, result),
        };

    private static DateTimeOffset? Parse(string name, ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        result.AddError($"{name} is '{text}' and must be a moment such as 2026-01-31 or 2026-01-31T08:30:00+01:00.");
        return null;
    }
}
