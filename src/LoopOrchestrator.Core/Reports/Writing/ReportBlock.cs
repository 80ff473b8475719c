using LoopOrchestrator.Core.Plots;

namespace LoopOrchestrator.Core.Reports.Writing;

/// <summary>A part of a section. Its texts may be anybody's: whoever writes it escapes them.</summary>
internal abstract record ReportBlock
{
    /// <summary>A paragraph.</summary>
    internal sealed record Paragraph(string Text) : ReportBlock;

    /// <summary>A table.</summary>
    internal sealed record Table(IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportBlock;

    /// <summary>A drawing; where nothing can be drawn, its table.</summary>
    /// <param name="Caption">What it shows.</param>
    /// <param name="Drawing">The drawing.</param>
    internal sealed record Figure(string Caption, Drawing Drawing) : ReportBlock;
}
