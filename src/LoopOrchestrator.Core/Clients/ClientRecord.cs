using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Clients;

/// <summary>What is remembered of a file that was changed, so that it can be brought back.</summary>
/// <param name="File">Where the file really is.</param>
/// <param name="Written">The digest of what we wrote.</param>
/// <param name="Server">The command or address of the entry; empty for a file that is ours as a whole.</param>
internal sealed record ClientRecord(string File, string Written, string Server)
{
    /// <summary>Stands for <see cref="Original"/> until its file is written.</summary>
    public const string Pending = "?";

    /// <summary>The file with the bytes from before us; <see langword="null"/> where they are not known or there was no file.</summary>
    public string? Original { get; init; }

    /// <summary>The digest of those bytes.</summary>
    public string? OriginalDigest { get; init; }

    /// <summary>Whether there was no file before us.</summary>
    public bool IsNew { get; init; }

    /// <summary>The folders that we made for it, the innermost first.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    public byte[] ToJson() =>
        Encoding.UTF8.GetBytes(
            JsonDraft
                .Object([
                    ("file", JsonDraft.Of(File)),
                    ("written", JsonDraft.Of(Written)),
                    ("server", JsonDraft.Of(Server)),
                    ("is_new", JsonDraft.Of(IsNew)),
                    .. Original is null ? [] : new[] { ("original", JsonDraft.Of(Original)) },
                    .. OriginalDigest is null ? [] : new[] { ("original_digest", JsonDraft.Of(OriginalDigest)) },
                    ("folders", EntryValue.Of(Folders).ToJson()),
                ])
                .Render(JsonStyle.Default, "") + "\n"
        );

    /// <returns>The record, or <see langword="null"/> where the bytes are none.</returns>
    public static ClientRecord? Read(byte[] bytes)
    {
        var root = JsonText.Read(bytes, "").Root;
        return
            root?.Kind is JsonValueKind.Object
            && root.Find("file")?.Value.Text is { } file
            && root.Find("written")?.Value.Text is { } written
            && root.Find("server")?.Value.Text is { } server
            ? new ClientRecord(file, written, server)
            {
                Original = root.Find("original")?.Value.Text,
                OriginalDigest = root.Find("original_digest")?.Value.Text,
                IsNew = root.Find("is_new")?.Value.Boolean == true,
                Folders = [.. (root.Find("folders")?.Value.Items ?? []).Select(static item => item.Text).OfType<string>()],
            }
            : null;
    }
}
