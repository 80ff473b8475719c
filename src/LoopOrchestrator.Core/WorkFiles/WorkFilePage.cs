namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>A part of a text file.</summary>
/// <param name="Path">The file, relative to the workspace.</param>
/// <param name="Text">Whole lines, or a part of one that is longer than a page.</param>
/// <param name="FirstLine">The number of the first line, from 1.</param>
/// <param name="LastLine">The number of the last line.</param>
/// <param name="Lines">How many lines the file has.</param>
/// <param name="Bytes">How many bytes the file has.</param>
/// <param name="Sha256">The digest of the whole file.</param>
/// <param name="NextCursor">Where the next page begins; <see langword="null"/> at the end.</param>
/// <param name="IsRedacted">Whether something that looks like a credential was taken out, so that this is not what the file holds.</param>
public sealed record WorkFilePage(
    string Path,
    string Text,
    int FirstLine,
    int LastLine,
    int Lines,
    long Bytes,
    string Sha256,
    string? NextCursor,
    bool IsRedacted
);
