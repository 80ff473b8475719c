using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.State;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Searches the memory and its archive. Each search looks first whether the files changed, so an entry is found as soon as it is on disk.
/// Safe for use by many threads and processes.
/// </summary>
public sealed class MemorySearch : IDisposable
{
    private const int LongestSnippet = 320;
    private const char MatchStart = '«';
    private const char MatchEnd = '»';

    private const string Matching =
        """
        FROM words JOIN entries AS entry ON entry.id = words.rowid
        WHERE words MATCH $wanted
            AND ($unwanted IS NULL OR words.rowid NOT IN (SELECT rowid FROM words WHERE words MATCH $unwanted))
            AND ($section IS NULL OR section = $section)
            AND ($since IS NULL OR at >= $since)
            AND ($mode IS NULL OR entry.mode = $mode COLLATE NOCASE)
            AND ($category IS NULL OR entry.category = $category COLLATE NOCASE)
            AND NOT (archived AND EXISTS (
                SELECT 1 FROM entries AS other WHERE other.same = entry.same AND (NOT other.archived OR other.file > entry.file)))
        """;

    private readonly WorkspacePaths _paths;
    private readonly IndexDatabase _index;

    /// <summary>Prepares searching; nothing is opened or created yet.</summary>
    public MemorySearch(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _index = new IndexDatabase(paths, "memory", MemoryIndex.Version, MemoryIndex.Schema);
    }

    /// <summary>Finds entries. An entry that a crash left in memory and archive is one.</summary>
    /// <exception cref="UserErrorException">The query has no word, the limit is out of its range, or a file cannot be read.</exception>
    public MemorySearchResult Find(MemoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var words = MemoryWords.Parse(query.Text);
        if (query.Limit is < 1 or > MemoryQuery.MostHits)
        {
            throw new UserErrorException($"limit is {query.Limit}; it must be from 1 to {MemoryQuery.MostHits}.");
        }

        // A folder in which nobody asked for anything yet stays as it is.
        if (!Directory.Exists(_paths.State))
        {
            return WithoutIndex(words, query, problem: null);
        }

        try
        {
            return _index.Use(connection => Find(connection, words, query, problem: null));
        }
        catch (IndexUnavailableException exception)
        {
            return WithoutIndex(words, query, exception.Message);
        }
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => _index.Dispose();

    private MemorySearchResult WithoutIndex(MemoryWords words, MemoryQuery query, string? problem)
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        connection.Execute(MemoryIndex.Schema);
        return Find(connection, words, query, problem);
    }

    private MemorySearchResult Find(SqliteConnection connection, MemoryWords words, MemoryQuery query, string? problem)
    {
        MemoryIndex.Refresh(connection, _paths);
        ReadOnlySpan<(string, object?)> parameters =
        [
            ("$wanted", words.Wanted), ("$unwanted", words.Unwanted), ("$section", (int?)query.Section), ("$since", query.Since?.UtcTicks),
            ("$mode", NullIfBlank(query.Mode)), ("$category", NullIfBlank(query.Category)), ("$limit", query.Limit),
        ];

        // The snippets come second, for those shown only: making one costs more than finding the entry.
        using var transaction = connection.BeginTransaction(deferred: true);
        var count = connection.Scalar($"SELECT count(*) {Matching}", parameters);
        var best = connection.Query(
            $"SELECT id {Matching} ORDER BY bm25(words, 1.0, 2.0, 1.0), at DESC, archived, file DESC, line LIMIT $limit", static reader => reader.GetInt64(0), parameters);
        return new MemorySearchResult([.. best.Select(id => Show(connection, words, id))], (int)count, problem);
    }

    private static MemoryHit Show(SqliteConnection connection, MemoryWords words, long id) => connection.Query(
        $"SELECT entry.*, snippet(words, 0, '{MatchStart}', '{MatchEnd}', '…', 32) AS snippet FROM words JOIN entries AS entry ON entry.id = words.rowid WHERE words MATCH $wanted AND words.rowid = $id",
        static reader => new MemoryHit(
            (MemorySection)reader.Integer("section")!,
            reader.Integer("at") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            reader.Text("mode"),
            reader.Text("category"),
            Shorten(reader.Text("snippet") ?? ""),
            reader.Text("file")!,
            (int)reader.Integer("line")!,
            reader.Integer("pinned") == 1,
            reader.Integer("archived") == 1,
            (int)reader.Integer("seen")!),
        ("$wanted", words.Wanted),
        ("$id", id)).Single();

    // A snippet is measured in words, and a word may be of any length.
    private static string Shorten(string snippet)
    {
        if (snippet.Length <= LongestSnippet)
        {
            return snippet;
        }

        var start = Math.Max(0, snippet.IndexOf(MatchStart, StringComparison.Ordinal) - (LongestSnippet / 4));
        var rest = TextCut.Tail(snippet, snippet.Length - start).ToString();
        return $"{(start > 0 ? "…" : "")}{TextCut.Shorten(rest, LongestSnippet)}";
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
