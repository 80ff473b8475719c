namespace LoopOrchestrator.Core.Plots;

/// <summary>The numbers of a drawing as a table. Its texts are those that were given: whoever writes them escapes them.</summary>
/// <param name="Headings">One for each column; the first column names the row, the others are numbers.</param>
/// <param name="Rows">As many cells each as there are headings.</param>
public sealed record PlotTable(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows);
