using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>The options by which <c>timing list</c> and <c>timing stats</c> select intervals.</summary>
internal sealed class TimingFilterOptions(int most)
{
    private readonly Option<string?> _mode = new("--mode", "--mode-slug") { HelpName = "SLUG", Description = "Only this mode." };
    private readonly Option<string?> _priority = new("--priority")
    {
        HelpName = "NAME",
        Description = "Only this priority; an empty one selects rows without.",
    };
    private readonly Option<DateTimeOffset?> _from = Moment("--from", "Only intervals that began at this moment or later.");
    private readonly Option<DateTimeOffset?> _to = Moment("--to", "Only intervals that began before this moment.");
    private readonly Option<int> _longerThan = WorkspaceCommand.Number(
        "--longer-than",
        "SECONDS",
        "From which length on intervals are counted as long.",
        0,
        1_000_000_000,
        3600
    );
    private readonly Option<int> _limit = WorkspaceCommand.Number("--limit", "N", "How many of each kind at the most.", 1, most, 20);
    private readonly Option<bool> _json = new("--json") { Description = "Print what the tool get_timing answers." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_mode, _priority, _from, _to, _longerThan, _limit, _json])
        {
            command.Add(option);
        }
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TimingReportOptions Read(ParseResult parsed) =>
        new()
        {
            Mode = parsed.GetValue(_mode),
            Priority = parsed.GetValue(_priority),
            From = parsed.GetValue(_from),
            To = parsed.GetValue(_to),
            LongerThanSeconds = parsed.GetValue(_longerThan),
            Limit = parsed.GetValue(_limit),
        };

    private static Option<DateTimeOffset?> Moment(string name, string description) =>
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
