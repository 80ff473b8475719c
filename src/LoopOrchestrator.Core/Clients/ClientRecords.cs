using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Clients;

/// <summary>
/// The records of changed files and the bytes that were replaced, in a folder of the user's that nobody else may read: settings of clients
/// hold credentials.
/// </summary>
internal sealed class ClientRecords(string folder, TimeProvider time)
{
    private const int MaxBackups = 20;

    /// <summary>The digest of a content.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The record of a file, or <see langword="null"/>.</summary>
    public ClientRecord? Find(string file) =>
        DurableFile.ReadOrNull(RecordOf(file)) is { } bytes && ClientRecord.Read(bytes) is { } record && record.File == file
            ? record
            : null;

    /// <summary>The bytes from before us, where they are there and are what they were.</summary>
    public byte[]? OriginalOf(ClientRecord record) =>
        record.Original is { } name
        && Path.GetFileName(name) == name
        && DurableFile.ReadOrNull(Path.Combine(folder, name)) is { } bytes
        && DigestOf(bytes) == record.OriginalDigest
            ? bytes
            : null;

    /// <summary>Keeps the bytes that are about to be replaced.</summary>
    /// <returns>The file that has them.</returns>
    public string Keep(string file, byte[] replaced, string? except)
    {
        GuardedFolder.CreatePrivate(folder);

        // By a running number: a clock that was set back, or two changes within a second, must not make the newest look like the oldest.
        List<string> kept = [.. GuardedFolder.Files(folder, $"{NameOf(file)}-*.backup").Order(StringComparer.Ordinal)];
        var number = kept.Count == 0 ? 1 : NumberOf(kept[^1]) + 1;
        var path = Path.Combine(
            folder,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{NameOf(file)}-{number:D6}-{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.backup"
            )
        );
        DurableFile.ReplacePrivate(path, replaced);
        foreach (var old in kept.SkipLast(MaxBackups - 1).Where(old => Path.GetFileName(old) != except))
        {
            GuardedFile.Delete(old);
        }

        return path;
    }

    /// <summary>Remembers, before the file is written: a record of what was not written fits no file, and harms nothing.</summary>
    public void Save(ClientRecord record)
    {
        GuardedFolder.CreatePrivate(folder);
        DurableFile.ReplacePrivate(RecordOf(record.File), record.ToJson());
    }

    /// <summary>Forgets.</summary>
    public void Drop(string file)
    {
        if (File.Exists(RecordOf(file)))
        {
            GuardedFile.Delete(RecordOf(file));
        }
    }

    private static int NumberOf(string backup) =>
        Path.GetFileName(backup).Split('-') is [_, var number, ..]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var found)
            ? found
            : 0;

    private string RecordOf(string file) => Path.Combine(folder, NameOf(file) + ".json");

    private static string NameOf(string file) => DigestOf(Encoding.UTF8.GetBytes(file))[..24];
}
