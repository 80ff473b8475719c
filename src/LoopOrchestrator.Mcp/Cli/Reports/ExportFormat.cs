using System.CommandLine;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>The forms in which rows are exported.</summary>
internal static class ExportFormat
{
    /// <summary>Lines of CSV, the first with the names of the columns.</summary>
    public const string Csv = "csv";

    /// <summary>A JSON document a line.</summary>
    public const string JsonLines = "jsonl";

    public static Option<string> Option()
    {
        var option = new Option<string>("--format")
        {
            HelpName = "FORMAT",
            Description = "csv (RFC 4180, the first line names the columns) or jsonl (a JSON document a line).",
            DefaultValueFactory = static _ => Csv,
        };
        option.AcceptOnlyFromAmong(Csv, JsonLines);
        return option;
    }
}
