namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>A column of a CSV file.</summary>
/// <param name="Name">Its name, as the same member has it in JSON.</param>
/// <param name="Value">Its value: a text, a whole number, a decimal, a moment or a truth value.</param>
internal sealed record CsvColumn<T>(string Name, Func<T, object?> Value);
