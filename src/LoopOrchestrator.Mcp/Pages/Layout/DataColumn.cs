namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A column of a table.</summary>
/// <param name="Heading">What it is called.</param>
/// <param name="IsNumber">Whether it holds numbers, which stand below each other by their last digits.</param>
internal sealed record DataColumn(string Heading, bool IsNumber = false);
