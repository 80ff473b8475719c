using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>Searches the memory in an SQLite database of its own (FTS5), and in one in memory where that cannot be used.</summary>
internal sealed class SqliteMemoryIndex(WorkspacePaths paths) : IMemoryIndex
{
    private const string Matching = """
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

    private readonly IndexDatabase _index = new(paths, "memory", MemoryTables.Version, MemoryTables.Schema);

    /// <inheritdoc/>
    public MemorySearchResult Find(MemoryWords words, MemoryQuery query)
    {
        // A folder in which nobody asked for anything yet stays as it is.
        if (!Directory.Exists(paths.State))
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

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private MemorySearchResult WithoutIndex(MemoryWords words, MemoryQuery query, string? problem)
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        connection.Execute(MemoryTables.Schema);
        return Find(connection, words, query, problem);
    }

    private MemorySearchResult Find(SqliteConnection connection, MemoryWords words, MemoryQuery query, string? problem)
    {
        MemoryTables.Refresh(connection, paths);
        ReadOnlySpan<(string, object?)> parameters =
        [
            ("$wanted", words.Wanted),
            ("$unwanted", words.Unwanted),
            ("$section", (int?)query.Section),
            ("$since", query.Since?.UtcTicks),
            ("$mode", NullIfBlank(query.Mode)),
            ("$category", NullIfBlank(query.Category)),
            ("$limit", query.Limit),
        ];

        // The snippets come second, for those shown only: making one costs more than finding the entry.
        using var transaction = connection.BeginTransaction(deferred: true);
        var count = connection.Scalar($"SELECT count(*) {Matching}", parameters);
        var best = connection.Query(
            $"SELECT id {Matching} ORDER BY bm25(words, 1.0, 2.0, 1.0), at DESC, archived, file DESC, line LIMIT $limit",
            static reader => reader.GetInt64(0),
            parameters
        );
        return new MemorySearchResult([.. best.Select(id => Show(connection, words, id))], (int)count, problem);
    }

    private static MemoryHit Show(SqliteConnection connection, MemoryWords words, long id) =>
        connection
            .Query(
                $"SELECT entry.*, snippet(words, 0, '{MemorySnippet.MatchStart}', '{MemorySnippet.MatchEnd}', '…', 32) AS "
                    + "snippet FROM words JOIN entries AS entry ON entry.id = words.rowid WHERE words MATCH $wanted AND words.rowid = $id",
                static reader => new MemoryHit(
                    (MemorySection)reader.Integer("section")!,
                    reader.Integer("at") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
                    reader.Text("mode"),
                    reader.Text("category"),
                    MemorySnippet.Shorten(reader.Text("snippet") ?? ""),
                    reader.Text("file")!,
                    (int)reader.Integer("line")!,
                    reader.Integer("pinned") == 1,
                    reader.Integer("archived") == 1,
                    (int)reader.Integer("seen")!
                ),
                ("$wanted", words.Wanted),
                ("$id", id)
            )
            .Single();

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
