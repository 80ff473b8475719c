namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>
/// The tables of the index. Texts that rows may hold are kept as bytes, because a NUL ends an SQLite text when it is read.
/// </summary>
internal static class TimingIndexSchema
{
    /// <summary>Raised with every change here and in what is derived from a row.</summary>
    public const int Version = 2;

    /// <summary>Complete intervals in one row of <c>chunks</c>.</summary>
    public const int ChunkSize = 2048;

    /// <summary>Creates what is missing.</summary>
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS checkpoint (
            id INTEGER NOT NULL PRIMARY KEY, generation INTEGER NOT NULL, position INTEGER NOT NULL,
            line INTEGER NOT NULL, headers INTEGER NOT NULL, blank INTEGER NOT NULL, repaired INTEGER NOT NULL,
              not_understood INTEGER NOT NULL, header BLOB NULL, saw_content INTEGER NOT NULL,
            intervals INTEGER NOT NULL, tasks INTEGER NOT NULL, starts INTEGER NOT NULL, findings INTEGER NOT NULL,
              unmatched INTEGER NOT NULL,
            file_length INTEGER NOT NULL, file_written INTEGER NOT NULL, head BLOB NOT NULL, tail BLOB NOT NULL,
            months BLOB NOT NULL, lines_before INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS chunks (id INTEGER NOT NULL PRIMARY KEY, first_start INTEGER NOT NULL, last_start INTEGER NOT NULL,
          intervals BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS places (id INTEGER NOT NULL PRIMARY KEY, places BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS names (kind INTEGER NOT NULL, id INTEGER NOT NULL, name BLOB NOT NULL, PRIMARY KEY (kind,
          id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tasks (hash BLOB NOT NULL PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS starts (
            id BLOB NOT NULL, position INTEGER NOT NULL, line INTEGER NOT NULL, start INTEGER NOT NULL, mode INTEGER NOT NULL,
              priority INTEGER NOT NULL, task INTEGER NOT NULL,
            PRIMARY KEY (id, position)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS findings (rank INTEGER NOT NULL, number INTEGER NOT NULL, file BLOB NOT NULL, line INTEGER NULL,
          message BLOB NOT NULL, PRIMARY KEY (rank, number)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS headers (position INTEGER NOT NULL PRIMARY KEY, header BLOB NOT NULL);
        """;

    /// <summary>Empties all tables.</summary>
    public const string Clear =
        "DELETE FROM checkpoint; DELETE FROM chunks; DELETE FROM places; DELETE FROM names; DELETE FROM tasks; DELETE "
        + "FROM starts; DELETE FROM findings; DELETE FROM headers";
}
