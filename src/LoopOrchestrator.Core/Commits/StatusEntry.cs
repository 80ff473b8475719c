using System.Text;

namespace LoopOrchestrator.Core.Commits;

/// <summary>One entry of what <c>git status --porcelain=v2 -z --no-renames</c> says.</summary>
/// <param name="Path">From the top of the work tree, with forward slashes.</param>
internal sealed record StatusEntry(string Path)
{
    private const string NoMode = "000000";
    private const string SubmoduleMode = "160000";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether git does not keep it yet.</summary>
    public bool IsUntracked { get; private init; }

    /// <summary>Whether it has an unfinished merge.</summary>
    public bool IsConflict { get; private init; }

    /// <summary>Whether it is a repository of its own.</summary>
    public bool IsSubmodule { get; private init; }

    /// <summary>Whether its name is not UTF-8, so that <see cref="Path"/> only looks like it.</summary>
    public bool HasOddName { get; private init; }

    /// <summary>Whether the index differs from the last commit.</summary>
    public bool IsStaged { get; private init; }

    /// <summary>Whether the work tree differs from the index.</summary>
    public bool IsUnstaged { get; private init; }

    /// <summary>Whether the last commit has it.</summary>
    public bool InHead { get; private init; }

    /// <summary>Whether the index has it.</summary>
    public bool InIndex { get; private init; }

    /// <summary>Whether the work tree has it, where git looked.</summary>
    public bool InWorkTree { get; private init; }

    /// <summary>The name of its content in the last commit.</summary>
    public string HeadBlob { get; private init; } = "";

    /// <summary>Reads all entries; headers and what is ignored are passed over.</summary>
    public static IReadOnlyList<StatusEntry> ReadAll(byte[] output)
    {
        var entries = new List<StatusEntry>();
        for (ReadOnlySpan<byte> rest = output; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)0);
            var record = end < 0 ? rest : rest[..end];
            if (Read(record) is { } entry)
            {
                entries.Add(entry);
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return entries;
    }

    private static StatusEntry? Read(ReadOnlySpan<byte> record) =>
        record.Length < 3
            ? null
            : (char)record[0] switch
            {
                '?' => Named(record[2..]) is var entry
                    ? entry with
                    {
                        IsUntracked = true,
                        InWorkTree = true,
                        IsSubmodule = entry.Path.EndsWith('/'),
                        Path = entry.Path.TrimEnd('/'),
                    }
                    : null,
                'u' => ReadFields(record, fields: 10) is var (entry, _) ? entry with { IsConflict = true } : null,
                '1' => ReadFields(record, fields: 8) is var (entry, fields)
                    ? entry with
                    {
                        IsStaged = fields[1][0] != '.',
                        IsUnstaged = fields[1][1] != '.',
                        IsSubmodule = fields[2][0] == 'S' || fields[3] == SubmoduleMode || fields[5] == SubmoduleMode,
                        InHead = fields[3] != NoMode,
                        InIndex = fields[4] != NoMode,
                        InWorkTree = fields[5] != NoMode,
                        HeadBlob = fields[6],
                    }
                    : null,
                _ => null,
            };

    // So many fields with a space behind each, then the path, which may hold spaces itself.
    private static (StatusEntry Entry, string[] Fields) ReadFields(ReadOnlySpan<byte> record, int fields)
    {
        var values = new string[fields];
        for (var index = 0; index < fields; index++)
        {
            var space = record.IndexOf((byte)' ');
            values[index] = Encoding.ASCII.GetString(record[..space]);
            record = record[(space + 1)..];
        }

        return (Named(record), values);
    }

    private static StatusEntry Named(ReadOnlySpan<byte> path)
    {
        try
        {
            return new StatusEntry(Strict.GetString(path));
        }
        catch (DecoderFallbackException)
        {
            return new StatusEntry(Encoding.UTF8.GetString(path)) { HasOddName = true };
        }
    }
}
