namespace LoopOrchestrator.Core.Markdown;

/// <summary>One line as it is read and as it stands in the file.</summary>
/// <param name="Text">The text without its line end; what is not UTF-8 shows as U+FFFD.</param>
/// <param name="Raw">The bytes, line end included.</param>
internal readonly record struct SourceLine(string Text, ReadOnlyMemory<byte> Raw)
{
    /// <summary>Whether nothing but white space stands in the line.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);
}
