using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Secrets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// Sets a damaged database aside and makes a new one from the files. Only while no other process has the old one open: SQLite removes
/// the write-ahead log by its path when the last connection closes, and would remove the new one's. Used under the opening lock only.
/// </summary>
internal sealed partial class StateRecovery(
    WorkspacePaths paths,
    IDatabaseRebuild rebuild,
    Redactor redactor,
    TimeProvider time,
    ILogger logger
)
{
    // Servers without the scheduler lock look every two seconds; the bell wakes the one that has it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private static readonly string[] Companions = ["", "-wal", "-shm", "-journal"];

    /// <summary>Held, shared, by every process as long as it has the database open; exclusively by the one that replaces it.</summary>
    public string Users => Path.Combine(paths.Locks, "state.db.users");

    /// <summary>
    /// There while the database is under suspicion: whoever has it open closes it, and opens it no more before it was looked at.
    /// </summary>
    public string Mark => Path.Combine(paths.Locks, "state.db.suspect");

    /// <summary>Asks all processes to close the database.</summary>
    public void Suspect(string reason)
    {
        if (!GuardedFile.Exists(Mark))
        {
            DurableFile.Replace(Mark, System.Text.Encoding.UTF8.GetBytes(reason));
            RunBell.Ring(paths.Bell);
        }
    }

    /// <summary>Checks the whole database and, when it is damaged or missing, replaces it. This process has closed it.</summary>
    /// <exception cref="UserErrorException">Another process has it open, or the new one cannot be made.</exception>
    /// <exception cref="SqliteException">It cannot be looked at for a reason that is no damage.</exception>
    public async Task RecoverAsync(string suspicion, CancellationToken cancellationToken)
    {
        Suspect(suspicion);
        using var alone = await AloneAsync(suspicion, cancellationToken);
        if (FindDamage() is { } damage)
        {
            WorkspaceBounds.Check(paths, paths.Damaged);
            GuardedFolder.Create(paths.Damaged);
            var (file, begun) = DamageNotes.Begin(paths, time.GetUtcNow());
            var note = SetAside(file, begun, damage);
            Replace(file, note);
        }

        GuardedFile.Delete(Mark);
    }

    /// <summary>
    /// Puts back a database that was removed under this process, from what this process still has open; where that cannot be read, what
    /// the files tell of it. Used while nobody else makes one.
    /// </summary>
    /// <param name="copy">Copies what is open to a path; false when nothing is.</param>
    public void PutBack(Func<string, bool> copy)
    {
        WorkspaceBounds.Check(paths, paths.Damaged);
        GuardedFolder.Create(paths.Damaged);
        var next = paths.Database + ".new";
        foreach (var leftover in Companions)
        {
            GuardedFile.Delete(next + leftover);
        }

        var isKept = copy(next);
        RebuiltState state;
        using (var connection = Open(next))
        {
            connection.Execute("PRAGMA synchronous = FULL");
            SchemaMigrations.Apply(connection);
            state = isKept
                ? new RebuiltState(
                    (int)connection.Scalar("SELECT COUNT(*) FROM runs"),
                    (int)connection.Scalar("SELECT COUNT(*) FROM runs WHERE state = 'running'")
                )
                : rebuild.Fill(connection);
        }

        var now = time.GetUtcNow();
        var (file, _) = DamageNotes.Begin(paths, now);
        DamageNotes.Write(
            file,
            new DamageNote(now, "it was removed", [])
            {
                RebuiltAt = now,
                Runs = state.Runs,
                Running = state.Running,
                PausesKept = isKept,
                IsRemoval = true,
            }
        );

        // Where only the database was removed, its log is still there, and SQLite would apply it to the copy, whose pages are others.
        foreach (var companion in Companions.Where(static companion => companion.Length > 0))
        {
            GuardedFile.Delete(paths.Database + companion);
        }

        GuardedFile.Move(next, paths.Database);
        DirectorySync.Flush(paths.State);
        Log.PutBack(logger, paths.State, state.Runs, isKept ? "what this process had open" : "the time log");
    }

    private async Task<FileLock> AloneAsync(string suspicion, CancellationToken cancellationToken)
    {
        FileLock alone;
        try
        {
            alone = await FileLock.AcquireAsync(Users, Patience, cancellationToken);
        }
        catch (UserErrorException exception)
        {
            throw InUse(suspicion, exception);
        }

        if (FileUsers.Others(paths.Database).Count > 0)
        {
            // A program that is none of ours, or of an earlier version, which takes no share.
            alone.Dispose();
            throw InUse(suspicion, new IOException("the file is open elsewhere"));
        }

        return alone;
    }

    private UserErrorException InUse(string suspicion, Exception inner)
    {
        var others = FileUsers.Others(paths.Database).Concat(FileUsers.Others(Users)).Distinct().Order().ToList();
        return new UserErrorException(
            $"The state database {paths.Database} is damaged ({suspicion}) and cannot be replaced while another process "
                + $"has it open{(others.Count > 0 ? $": process {string.Join(", ", others)}" : "")}. "
                + "Servers of this workspace close it by themselves within moments; end any other program that has it open, "
                + "then repeat the call. Nothing was changed, and the files of the workspace are not affected.",
            inner
        );
    }

    private string? FindDamage()
    {
        if (!Path.Exists(paths.Database))
        {
            return rebuild.HasTraces() ? "it is missing"
                : rebuild.HasWitness() ? StateFault.Removed
                : null;
        }

        if (DatabaseFile.FindDamage(paths.Database) is { } obvious)
        {
            return obvious;
        }

        if (new FileInfo(paths.Database).Length == 0)
        {
            return rebuild.HasTraces() ? "it is empty" : null;
        }

        try
        {
            using var connection = Open(paths.Database);
            return StateFault.FindDamage(connection, "integrity_check");
        }
        catch (SqliteException exception) when (StateFault.IsDamage(exception))
        {
            return exception.Message;
        }
    }

    // The note first: what is set aside must not be forgotten, whatever is killed when. The database before its log: a log without its
    // database is set aside at the next start, while a database without its log would pass for sound and lack its latest changes.
    private DamageNote SetAside(string file, DamageNote? begun, string damage)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        var kept = Companions.Where(companion => Path.Exists(paths.Database + companion)).Select(companion => $"{stem}.db{companion}");
        var note = begun is null
            ? new DamageNote(time.GetUtcNow(), damage, kept.ToList())
            {
                IsRemoval = damage == StateFault.Removed,
                WasUnused = damage == StateFault.Removed,
            }
            : begun with
            {
                Kept = begun.Kept.Union(kept, StringComparer.Ordinal).ToList(),
            };
        DamageNotes.Write(file, note);
        foreach (var companion in Companions)
        {
            var from = paths.Database + companion;
            var to = FreeName(Path.Combine(paths.Damaged, $"{stem}.db{companion}"));
            if (Directory.Exists(from))
            {
                Directory.Move(from, to);
            }
            else if (File.Exists(from))
            {
                GuardedFile.Move(from, to);
            }
        }

        DirectorySync.Flush(paths.Damaged);
        DirectorySync.Flush(paths.State);
        if (note.WasUnused)
        {
            Log.Missing(logger, paths.State);
            return note;
        }

        Log.SetAside(logger, damage, Path.Combine(paths.Damaged, $"{stem}.db"));
        return note;
    }

    private static string FreeName(string path)
    {
        var free = path;
        for (var number = 2; Path.Exists(free); number++)
        {
            free = $"{path}.{number}";
        }

        return free;
    }

    // Built beside its place and moved there complete: a start that is cut short finds none and begins again.
    private void Replace(string file, DamageNote note)
    {
        var next = paths.Database + ".new";
        foreach (var leftover in Companions)
        {
            GuardedFile.Delete(next + leftover);
        }

        var pauses = note.Kept.FirstOrDefault(static name => name.EndsWith(".db", StringComparison.Ordinal)) is { } old
            ? OldPauses.TryRead(Path.Combine(paths.Damaged, old), next + ".old")
            : null;
        RebuiltState rebuilt;
        using (var connection = Open(next))
        {
            connection.Execute("PRAGMA synchronous = FULL");
            SchemaMigrations.Apply(connection);
            rebuilt = rebuild.Fill(connection);
            OldPauses.Enter(connection, pauses ?? []);
        }

        DamageNotes.Write(
            file,
            note with
            {
                RebuiltAt = time.GetUtcNow(),
                Runs = rebuilt.Runs,
                Running = rebuilt.Running,
                PausesKept = pauses is not null,
            }
        );
        GuardedFile.Move(next, paths.Database);
        DirectorySync.Flush(paths.State);
        Log.Rebuilt(logger, rebuilt.Runs, rebuilt.Running);
    }

    // Without a pool: nothing may have the file open when it is moved.
    private PreparedConnection Open(string file)
    {
        var connection = new PreparedConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString(),
            redactor
        );
        try
        {
            connection.Open();
            DatabaseOwner.Verify(connection, file);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.StateSetAside, LogLevel.Error, "The state database was damaged ({Reason}) and was set aside as {File}")]
        public static partial void SetAside(ILogger logger, string reason, string file);

        [LoggerMessage(
            LogEvents.StateMissing,
            LogLevel.Error,
            "{Folder} is missing although the time log tells of runs: it was removed, or this is a fresh clone. It is made anew from the "
                + "log"
        )]
        public static partial void Missing(ILogger logger, string folder);

        [LoggerMessage(
            LogEvents.StatePutBack,
            LogLevel.Error,
            "{Folder} was removed while this process worked; its database was put back with {Runs} run(s) from {Source}"
        )]
        public static partial void PutBack(ILogger logger, string folder, int runs, string source);

        [LoggerMessage(
            LogEvents.StateRebuilt,
            LogLevel.Warning,
            "The state database was rebuilt from the files of the workspace: {Runs} run(s), {Running} of them going on; queued runs "
                + "and decisions are lost"
        )]
        public static partial void Rebuilt(ILogger logger, int runs, int running);
    }
}
