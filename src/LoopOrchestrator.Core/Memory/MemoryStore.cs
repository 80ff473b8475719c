using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Reads and adds to <c>persistent-memory.md</c>. A call that returns has its effect on disk. Safe for use by many threads and processes;
/// an editor that saves at the same moment is noticed and its text kept.
/// </summary>
public sealed class MemoryStore
{
    /// <summary>The largest content of one entry in bytes of UTF-8: 8 KiB.</summary>
    public const int MaxContentBytes = 8 * 1024;

    /// <summary>The part of the limits that compacting frees, when nothing else is asked for.</summary>
    public const int DefaultHeadroomPercent = 15;

    /// <summary>The most that compacting can be asked to free.</summary>
    public const int MaxHeadroomPercent = 90;

    private const int MaxCategoryLength = 100;

    private readonly WorkspacePaths _paths;
    private readonly Redactor _redactor;
    private readonly TimeProvider _time;
    private readonly MemoryLimits _limits;
    private readonly MemoryArchive _archive;
    private readonly SharedFile _file;

    /// <summary>Prepares the store; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock for entries and for the archive's month.</param>
    /// <param name="limits">How large the file may become; the defaults of <see cref="MemoryLimits"/> when not given.</param>
    public MemoryStore(WorkspacePaths paths, TimeProvider time, MemoryLimits? limits = null)
        : this(paths, Redactor.OfProcess([]), time, limits) { }

    internal MemoryStore(WorkspacePaths paths, Redactor redactor, TimeProvider time, MemoryLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _redactor = redactor;
        _time = time;
        _limits = limits ?? new MemoryLimits();
        _archive = new MemoryArchive(paths);
        _file = new SharedFile(new SharedPath(paths, paths.Memory, FileSizes.Memory), LockPath(paths), () =>
        {
            StateFolder.Ensure(paths);
            WorkspaceBounds.Check(paths, paths.Memory);
        });
    }

    /// <summary>The lock that is held by whoever writes the memory or its archive.</summary>
    internal static string LockPath(WorkspacePaths paths) => Path.Combine(paths.Locks, Path.GetFileName(paths.Memory) + ".lock");

    /// <summary>
    /// Adds a finding at the end of its section, or counts it where the section says the same already. When the file would pass a limit,
    /// the oldest entries with a time move into the archive first, then those without one; pinned ones never.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The finding is not allowed, no room can be made, a merge conflict leaves no place for it, or a file cannot be written. Nothing was
    /// added.
    /// </exception>
    public async ValueTask<MemoryAppendResult> AppendAsync(MemoryAppend append, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(append);
        var cleaned = Clean(append);
        return await _file.ChangeAsync(old => Change(old ?? [], cleaned), cancellationToken);
    }

    /// <summary>
    /// As above for a caller that may ask again. With a request id it is added or counted once, however often it is asked for: the entry of
    /// a try that was cut off is known again by its text and its moment.
    /// </summary>
    /// <param name="append">The finding.</param>
    /// <param name="requests">The calls with a request id.</param>
    /// <param name="requestId">The request id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What became of it, and to every further asker the same.</returns>
    /// <exception cref="UserErrorException">As above, or the request id stands for another call.</exception>
    public async ValueTask<MemoryAppendResult> AppendAsync(
        MemoryAppend append,
        RequestService requests,
        string? requestId,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(append);
        ArgumentNullException.ThrowIfNull(requests);
        return await requests.OnceAsync(
            RequestKey.Of(
                "append_memory",
                requestId,
                ("section", append.Section.ToString()),
                ("content", append.Content),
                ("category", append.Category),
                ("mode", append.Mode),
                ("pinned", append.Pinned)
            ),
            async (turn, token) =>
                await AppendAsync(append with { FoundAt = turn.AskedAt ?? append.FoundAt, MayBeThere = turn.IsAgain }, token),
            MemoryJson.Default.MemoryAppendResult,
            note: null,
            cancellationToken
        );
    }

    /// <summary>Adds several findings, in their order, in one change of the file: all or none.</summary>
    /// <exception cref="UserErrorException">As above, for one of them. Nothing was added.</exception>
    public async ValueTask AppendAsync(IReadOnlyList<MemoryAppend> appends, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(appends);
        var cleaned = appends.Select(Clean).ToList();
        await _file.ChangeAsync<bool>(
            old =>
                (
                    cleaned.Aggregate(old, (content, append) => Change(content ?? [], append).Content ?? content) is var after
                    && ReferenceEquals(after, old)
                        ? null
                        : after,
                    true
                ),
            cancellationToken
        );
    }

    /// <summary>Reads entries.</summary>
    /// <param name="section">Only this section; all when <see langword="null"/>.</param>
    /// <param name="query">
    /// Words that must all occur in category, mode or text, in any case. The archive is searched as well, and only then. Blank reads
    /// everything in the file.
    /// </param>
    /// <param name="cancellationToken">Looked at before the file is read; reading itself does not wait.</param>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public ValueTask<MemoryReading> ReadAsync(
        MemorySection? section = null,
        string? query = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _paths.Display(_paths.Memory);
        var document = MemoryDocument.Parse(_file.Read());
        var words = query?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var entries = document.FindDecided().Select(block => document.Describe(block, file, archived: false)).ToList();
        if (words.Length > 0)
        {
            // After a crash between archive and memory an entry stands in both.
            var live = entries.Select(Identity).ToHashSet();
            entries.AddRange(_archive.Read().Where(entry => !live.Contains(Identity(entry))));
        }

        var bySection = entries.Where(entry => Fits(entry, words)).ToLookup(entry => entry.Section);
        var sections = MemorySectionTitles
            .InOrder.Where(one => section is null || one == section)
            .Select(one => new MemorySectionReading(one, MemorySectionTitles.Canonical(one), [.. bySection[one]]));
        return ValueTask.FromResult(
            new MemoryReading(
                [.. sections],
                [.. document.Diagnostics(file)],
                document.LineCount,
                _limits.MaxLines,
                document.ByteCount,
                _limits.MaxBytes
            )
        );
    }

    /// <summary>
    /// Tidies the file: adds sections that are missing, makes one entry of those that say the same, finishes moves into the archive that
    /// were
    /// cut off, and archives the oldest entries until the headroom is there. What leaves the file is in the archive, or counted in an entry
    /// that says the same.
    /// </summary>
    /// <param name="headroomPercent">The part of both limits that is to be free, from 0 to <see cref="MaxHeadroomPercent"/>.</param>
    /// <param name="dryRun">Only tells what would be done.</param>
    /// <param name="cancellationToken">Ends the wait for the file's lock.</param>
    /// <exception cref="UserErrorException">
    /// The percentage is out of its range, or a file cannot be read or written. The file is as it was.
    /// </exception>
    public async ValueTask<MemoryCompaction> CompactAsync(
        int headroomPercent = DefaultHeadroomPercent,
        bool dryRun = false,
        CancellationToken cancellationToken = default
    )
    {
        if (headroomPercent is < 0 or > MaxHeadroomPercent)
        {
            throw new UserErrorException($"The headroom is {headroomPercent} percent; it must be from 0 to {MaxHeadroomPercent}.");
        }

        return dryRun || !File.Exists(_paths.Memory)
            ? Compact(_file.Read() ?? [], headroomPercent, isDryRun: true).Result
            : await _file.ChangeAsync(old => Compact(old ?? [], headroomPercent, isDryRun: false), cancellationToken);
    }

    private (byte[]? Content, MemoryCompaction Result) Compact(byte[] old, int headroomPercent, bool isDryRun)
    {
        var now = _time.GetUtcNow();
        var document = ParseWritable(old);
        if (old.Length == 0)
        {
            return (null, new MemoryCompaction(0, 0, 0, 0, 0, 0, 0, null, HasHeadroom: true));
        }

        var (linesBefore, bytesBefore) = (document.LineCount, document.ByteCount);
        document.EnsureSections();
        var finished = MemoryCompactor.FinishMoves(document, _archive.Documents().Select(static part => part.Document));
        var merged = MemoryCompactor.MergeDuplicates(document, now);
        var moved = MemoryRoom.Choose(document, Part(_limits.MaxLines), Part(_limits.MaxBytes));
        var hasHeadroom = moved is not null;
        moved ??= MemoryRoom.Choose(document, _limits.MaxLines, _limits.MaxBytes) ?? [];
        string? archive = null;
        if (moved.Count > 0)
        {
            archive = _paths.Display(isDryRun ? _archive.FileOf(now) : _archive.Add(document, moved, now));
            document.Remove(moved);
        }

        var content = document.ToBytes();
        return (
            isDryRun || content.AsSpan().SequenceEqual(old) ? null : content,
            new MemoryCompaction(
                linesBefore,
                document.LineCount,
                bytesBefore,
                content.Length,
                merged,
                finished,
                moved.Count,
                archive,
                hasHeadroom
            )
        );

        int Part(int limit) => (int)((long)limit * (100 - headroomPercent) / 100);
    }

    private MemoryAppend Clean(MemoryAppend append) =>
        append with
        {
            Content = CheckContent(_redactor.Redact(append.Content)),
            Category = CheckCategory(append.Category),
            Mode = CheckMode(append.Mode),
        };

    private (byte[]? Content, MemoryAppendResult Result) Change(byte[] old, MemoryAppend append)
    {
        var now = _time.GetUtcNow();
        var found = append.FoundAt ?? now;
        var document = ParseWritable(old);
        var (linesBefore, bytesBefore) = (document.LineCount, document.ByteCount);
        var key = MemoryText.Key(append.Content);
        var same = FindSame(document, append.Section, key);
        if (append is { MayBeThere: true, FoundAt: { } asked } && FindEarlier(document, append.Section, same, key, asked) is { } earlier)
        {
            return (null, earlier);
        }

        if (same is not null && append.FoundAt is { } moment && IsCounted(document, same, moment))
        {
            return (
                null,
                new MemoryAppendResult(
                    linesBefore,
                    _limits.MaxLines,
                    bytesBefore,
                    0,
                    null,
                    IsDuplicate: true,
                    document.Sightings(same).Seen,
                    same.Start + 1
                )
            );
        }

        var entry = same is null
            ? document.Append(
                append.Section,
                MemoryText.ToLines(append.Content).Prepend(MemoryHeader.Format(found, append.Mode!, append.Category!, append.Pinned))
            )
            : document.Count(same, document.Sightings(same).Seen + 1, found, append.Pinned);

        var moved = MakeRoom(document, entry, isGrown: document.LineCount > linesBefore || document.ByteCount > bytesBefore);
        string? archive = null;
        if (moved.Count > 0)
        {
            archive = _paths.Display(_archive.Add(document, moved, now));
            document.Remove(moved);
        }

        var seen = document.Describe(FindSame(document, append.Section, key)!, "", archived: false);
        return (
            document.ToBytes(),
            new MemoryAppendResult(
                document.LineCount,
                _limits.MaxLines,
                document.ByteCount,
                moved.Count,
                archive,
                same is not null,
                seen.Seen,
                seen.Line
            )
        );
    }

    // What an earlier try has added or counted, at this moment. That others have reported the same since is as good: the memory has it.
    private MemoryAppendResult? FindEarlier(
        MemoryDocument document,
        MemorySection section,
        MemoryBlock? same,
        string key,
        DateTimeOffset asked
    )
    {
        var found = same is not null
            ? (document, same)
            : _archive
                .Documents()
                .Select(part => (part.Document, Block: FindSame(part.Document, section, key)))
                .Where(static part => part.Block is not null)
                .Select(static part => (part.Document, part.Block!))
                .FirstOrDefault();
        return found is ({ } holder, { } block) && holder.Sightings(block) is var sightings && sightings.Last >= asked
            ? new MemoryAppendResult(
                document.LineCount,
                _limits.MaxLines,
                document.ByteCount,
                0,
                null,
                block.Header.Timestamp != asked,
                sightings.Seen,
                same is null ? 0 : same.Start + 1
            )
            : null;
    }

    private MemoryDocument ParseWritable(byte[] content)
    {
        var document = MemoryDocument.Parse(content, _paths.Display(_paths.Memory));
        return document.IsUtf16
            ? throw new UserErrorException(
                $"{_paths.Memory} is in UTF-16 and entries are written in UTF-8; nothing was changed. Save the file as "
                    + "UTF-8, for example from an editor, and repeat the call."
            )
            : document;
    }

    private static MemoryBlock? FindSame(MemoryDocument document, MemorySection section, string key) =>
        document
            .FindDecided()
            .FirstOrDefault(block =>
                block.Section == section
                && block.Kind != MemoryBlockKind.Loose
                && string.Equals(MemoryText.Key(document.Describe(block, "", archived: false).Text), key, StringComparison.Ordinal)
            );

    // As they are written, to the millisecond.
    private static bool IsCounted(MemoryDocument document, MemoryBlock block, DateTimeOffset moment) =>
        new[] { block.Header.Timestamp, document.Sightings(block).Last }
            .OfType<DateTimeOffset>()
            .Any(known => string.Equals(TimingTime.Format(known), TimingTime.Format(moment), StringComparison.Ordinal));

    // Counting a repetition in a file that is too long anyway makes nothing worse.
    private List<MemoryBlock> MakeRoom(MemoryDocument document, MemoryBlock keep, bool isGrown) =>
        MemoryRoom.Choose(document, _limits.MaxLines, _limits.MaxBytes, keep)
        ?? (
            isGrown
                ? throw new UserErrorException(
                    $"The memory would have {document.LineCount} lines and {document.ByteCount} bytes (limits "
                        + $"{_limits.MaxLines} and {_limits.MaxBytes}), and nothing is left that may be archived; nothing was added. "
                        + $"Shorten the entry, take the {MemoryHeader.Pin} mark from entries that need not stay, or raise "
                        + "the limit (memory in mcp_startup.json)."
                )
                : []
        );

    private static (MemorySection Section, DateTimeOffset? Timestamp, string? Category, string Text) Identity(MemoryEntry entry) =>
        (entry.Section, entry.Timestamp, entry.Category, entry.Text);

    private static bool Fits(MemoryEntry entry, string[] words) =>
        Array.TrueForAll(words, word =>
            entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase)
            || entry.Category?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
            || entry.Mode?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
        );

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
                $"content has {size} bytes and an entry at most {MaxContentBytes}; nothing was added. Say it more "
                    + "briefly, or put the whole into a file and name that file here."
            );
    }

    private static string CheckCategory(string? category)
    {
        var text = string.IsNullOrWhiteSpace(category) ? "note" : category.Trim();
        return
            text.Length <= MaxCategoryLength
            && !text.Any(character => character is '[' or ']' || char.IsControl(character) || char.IsSurrogate(character))
            ? text
            : throw new UserErrorException(
                $"category must be a word or a few, at most {MaxCategoryLength} characters, without brackets and line breaks."
            );
    }

    private static string CheckMode(string? mode) =>
        string.IsNullOrEmpty(mode) ? "unspecified"
        : Slug.IsValid(mode) ? mode
        : throw new UserErrorException($"mode \"{mode}\" is no slug: use letters, digits and hyphens, as in implementation-core.");
}
