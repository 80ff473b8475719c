using System.Text;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Reads and adds to <c>persistent-memory.md</c>. A call that returns has its effect on disk. Safe for use by many threads and processes;
/// an editor that saves at the same moment is noticed and its text kept.
/// </summary>
public sealed class MemoryStore
{
    /// <summary>The largest content of one entry in bytes of UTF-8: 8 KiB.</summary>
    public const int MaxContentBytes = 8 * 1024;

    private const int LongestCategory = 100;

    private readonly WorkspacePaths _paths;
    private readonly TimeProvider _time;
    private readonly MemoryLimits _limits;
    private readonly MemoryArchive _archive;
    private readonly SharedFile _file;

    /// <summary>Prepares the store; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock for entries and for the archive's month.</param>
    /// <param name="limits">How large the file may become; the defaults of <see cref="MemoryLimits"/> when not given.</param>
    public MemoryStore(WorkspacePaths paths, TimeProvider time, MemoryLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _time = time;
        _limits = limits ?? new MemoryLimits();
        _archive = new MemoryArchive(paths);
        _file = new SharedFile(paths.Memory, Path.Combine(paths.Locks, Path.GetFileName(paths.Memory) + ".lock"), () =>
        {
            StateFolder.Ensure(paths);
            WorkspaceBounds.Check(paths, paths.Memory);
        });
    }

    /// <summary>
    /// Adds a finding at the end of its section, or counts it where the section says the same already. When the file would pass a limit,
    /// the oldest entries with a time move into the archive first, then those without one; pinned ones never.
    /// </summary>
    /// <exception cref="UserErrorException">The finding is not allowed, no room can be made, or a file cannot be written. Nothing was added.</exception>
    public async ValueTask<MemoryAppendResult> AppendAsync(MemoryAppend append, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(append);
        var content = CheckContent(Redactor.Process.Redact(append.Content));
        var checkedAppend = append with { Content = content, Category = CheckCategory(append.Category), Mode = CheckMode(append.Mode) };
        return await _file.ChangeAsync(old => Change(old ?? [], checkedAppend), cancellationToken);
    }

    /// <summary>Reads entries.</summary>
    /// <param name="section">Only this section; all when <see langword="null"/>.</param>
    /// <param name="query">
    /// Words that must all occur in category, mode or text, in any case. The archive is searched as well, and only then. Blank reads everything in the file.
    /// </param>
    /// <param name="cancellationToken">Not used yet: reading does not wait.</param>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public ValueTask<MemoryReading> ReadAsync(MemorySection? section = null, string? query = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _paths.Display(_paths.Memory);
        var document = MemoryDocument.Parse(_file.Read());
        var words = query?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var entries = document.Blocks.Select(block => document.Describe(block, file, archived: false)).ToList();
        if (words.Length > 0)
        {
            // After a crash between archive and memory an entry stands in both.
            var live = entries.Select(Identity).ToHashSet();
            entries.AddRange(_archive.Read().Where(entry => !live.Contains(Identity(entry))));
        }

        var bySection = entries.Where(entry => Fits(entry, words)).ToLookup(entry => entry.Section);
        var sections = MemorySectionTitles.InOrder.Where(one => section is null || one == section)
            .Select(one => new MemorySectionReading(one, MemorySectionTitles.Canonical(one), [.. bySection[one]]));
        return ValueTask.FromResult(new MemoryReading(
            [.. sections], [.. document.Findings(file)], document.LineCount, _limits.MaxLines, document.ByteCount, _limits.MaxBytes));
    }

    private (byte[]? Content, MemoryAppendResult Result) Change(byte[] old, MemoryAppend append)
    {
        var now = _time.GetUtcNow();
        var document = MemoryDocument.Parse(old);
        if (document.IsUtf16)
        {
            throw new UserErrorException($"{_paths.Memory} is in UTF-16 and entries are written in UTF-8; nothing was added. Save the file as UTF-8, for example from an editor, and repeat the call.");
        }

        var (linesBefore, bytesBefore) = (document.LineCount, document.ByteCount);
        var key = MemoryText.Key(append.Content);
        var same = FindSame(document, append.Section, key);
        var entry = same is null
            ? document.Append(append.Section, MemoryText.ToLines(append.Content).Prepend(MemoryHeader.Format(now, append.Mode!, append.Category!, append.Pinned)))
            : document.CountAgain(same, now, append.Pinned);

        var moved = MakeRoom(document, entry, isGrown: document.LineCount > linesBefore || document.ByteCount > bytesBefore);
        string? archive = null;
        if (moved.Count > 0)
        {
            archive = _paths.Display(_archive.Add(document, moved, now));
            document.Remove(moved);
        }

        var seen = document.Describe(FindSame(document, append.Section, key)!, "", archived: false);
        return (document.ToBytes(), new MemoryAppendResult(
            document.LineCount, _limits.MaxLines, document.ByteCount, moved.Count, archive, same is not null, seen.Seen, seen.Line));
    }

    private static MemoryBlock? FindSame(MemoryDocument document, MemorySection section, string key) =>
        document.Blocks.FirstOrDefault(block => block.Section == section && block.Kind != MemoryBlockKind.Loose
            && string.Equals(MemoryText.Key(document.Describe(block, "", archived: false).Text), key, StringComparison.Ordinal));

    private List<MemoryBlock> MakeRoom(MemoryDocument document, MemoryBlock keep, bool isGrown)
    {
        var lines = document.LineCount - _limits.MaxLines;
        var bytes = document.ByteCount - _limits.MaxBytes;
        var moved = new List<MemoryBlock>();
        var candidates = document.Blocks.Where(block => block.IsMovable && block.Start != keep.Start)
            .OrderBy(Rank).ThenBy(block => block.Header.Timestamp).ThenBy(block => block.Start);
        using var next = candidates.GetEnumerator();
        while (lines > 0 || bytes > 0)
        {
            if (!next.MoveNext())
            {
                // Counting a repetition in a file that is too long anyway makes nothing worse.
                return isGrown
                    ? throw new UserErrorException(
                        $"The memory would have {document.LineCount} lines and {document.ByteCount} bytes (limits {_limits.MaxLines} and {_limits.MaxBytes}), and nothing is left that may be archived; nothing was added. "
                        + $"Shorten the entry, take the {MemoryHeader.Pin} mark from entries that need not stay, or raise the limit.")
                    : [];
            }

            var extent = document.Extent(next.Current);
            lines -= extent.Lines;
            bytes -= extent.Bytes;
            moved.Add(next.Current);
        }

        return moved;
    }

    /// <summary>What has a time goes first; what people wrote into the first two sections goes last.</summary>
    private static int Rank(MemoryBlock block) => block switch
    {
        { Header.Timestamp: not null } => 0,
        { Section: MemorySection.Updates } => 1,
        _ => 2,
    };

    private static (MemorySection Section, DateTimeOffset? Timestamp, string? Category, string Text) Identity(MemoryEntry entry) =>
        (entry.Section, entry.Timestamp, entry.Category, entry.Text);

    private static bool Fits(MemoryEntry entry, string[] words) => Array.TrueForAll(words, word =>
        entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase)
        || entry.Category?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
        || entry.Mode?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);

    private static string CheckContent(string content)
    {
        var normalised = MemoryText.Normalise(content);
        if (normalised.Length == 0)
        {
            throw new UserErrorException("content is empty: say what was found.");
        }

        var size = Encoding.UTF8.GetByteCount(normalised);
        return size <= MaxContentBytes
            ? normalised
            : throw new UserErrorException(
                $"content has {size} bytes and an entry at most {MaxContentBytes}; nothing was added. Say it more briefly, or put the whole into a file and name that file here.");
    }

    private static string CheckCategory(string? category)
    {
        var text = string.IsNullOrWhiteSpace(category) ? "note" : category.Trim();
        return text.Length <= LongestCategory && !text.Any(character => character is '[' or ']' || char.IsControl(character) || char.IsSurrogate(character))
            ? text
            : throw new UserErrorException($"category must be a word or a few, at most {LongestCategory} characters, without brackets and line breaks.");
    }

    private static string CheckMode(string? mode) => string.IsNullOrEmpty(mode)
        ? "unspecified"
        : Slug.IsValid(mode) ? mode : throw new UserErrorException($"mode \"{mode}\" is no slug: use letters, digits and hyphens, as in implementation-core.");
}
