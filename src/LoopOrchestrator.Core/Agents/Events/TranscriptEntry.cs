namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>What one event of an agent tells a person who reads along.</summary>
/// <param name="Kind">One of the words of this class: who says it, or what it is.</param>
/// <param name="Text">What is said, done or given back; any number of lines.</param>
/// <param name="IsPiece">Whether it goes on with the entry before, where that is of the same kind.</param>
/// <param name="IsRepeat">Whether it is of no use where the same was said last.</param>
internal sealed record TranscriptEntry(string Kind, string Text, bool IsPiece = false, bool IsRepeat = false)
{
    public static TranscriptEntry Said(string? text, bool isPiece = false) => new("assistant", text ?? "", isPiece);

    /// <summary>The message that a result repeats.</summary>
    public static TranscriptEntry SaidAtLast(string? text) => new("assistant", text ?? "", IsRepeat: true);

    public static TranscriptEntry Tool(string? name, string? call = null) =>
        new("tool", call is { Length: > 0 } ? $"{name ?? "(unnamed)"} {call}" : name ?? "(unnamed)");

    public static TranscriptEntry Gave(string? text, bool isError = false) => new(isError ? "failed" : "result", text ?? "");

    public static TranscriptEntry Error(string? text, long? status = null) =>
        new("error", status is { } number ? $"{text} ({number})" : text ?? "");

    public static TranscriptEntry End(string? text) => new("end", text ?? "");
}
