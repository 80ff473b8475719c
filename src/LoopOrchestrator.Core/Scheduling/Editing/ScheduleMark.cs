using System.Security.Cryptography;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>By what a save is told again whose end is not known: what it was to change, and how the file was before.</summary>
/// <param name="Id">The schedule; chosen for a new one without.</param>
/// <param name="IsNew">Whether it was not there.</param>
/// <param name="File">The digest of the file's content; empty for a missing file.</param>
internal sealed record ScheduleMark(string Id, bool IsNew, string File)
{
    private const string New = "new";
    private const char Separator = ' ';

    /// <summary>The mark that was written so.</summary>
    public static ScheduleMark Parse(string text) =>
        text.Split(Separator, 3) is [var kind, var file, var id]
            ? new ScheduleMark(id, kind == New, file)
            : throw new FormatException("A mark of a save has three parts.");

    /// <summary>What is kept of a file.</summary>
    public static string DigestOf(byte[]? content) => content is null ? "" : Convert.ToHexStringLower(SHA256.HashData(content));

    /// <inheritdoc/>
    public override string ToString() => string.Join(Separator, IsNew ? New : "old", File, Id);
}
