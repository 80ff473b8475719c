using System.Text.Json;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Storage;

/// <summary>
/// The notes beside databases that were set aside, and of those that were removed and put back. Each is shown until its user removes it;
/// the second for a day at the most, because they need nothing to be done.
/// </summary>
public static class DamageNotes
{
    private const string Pattern = "state-*.json";

    private static readonly TimeSpan RemovalShownFor = TimeSpan.FromDays(1);

    /// <summary>
    /// What is to be told of damaged and removed databases of this workspace, newest last; empty when there was none, or nothing is to be
    /// told of it any more.
    /// </summary>
    public static IReadOnlyList<string> Describe(WorkspacePaths paths, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var told = Files(paths)
            .Select(file => (File: file, Note: Read(file)))
            .Where(pair => pair.Note is { } note && !(note.IsRemoval && now - note.FoundAt > RemovalShownFor))
            .Select(pair => Describe(paths, pair.File, pair.Note!));
        return FindRemovalInUse(paths) is { } removal ? [.. told, removal] : [.. told];
    }

    /// <summary>That there is no state although the time log tells of runs.</summary>
    public static string DescribeMissing(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return $"{paths.Display(paths.State)} is missing although {paths.Display(paths.Timing)} tells of runs: it was removed, as by git "
            + "clean -fdx, or this is a fresh clone. The next server makes it anew from the time log, so that nothing fires twice for the "
            + "same due moment; queued runs, pauses, decisions, request ids, output of runs and checkpoints are lost.";
    }

    /// <summary>
    /// That the database was removed and another process still has it open, which puts it back; <see langword="null"/> when not so, and
    /// off Linux.
    /// </summary>
    internal static string? FindRemovalInUse(WorkspacePaths paths) =>
        !Path.Exists(paths.Database)
        && FileUsers.Others(RealPath.Of(paths.Root) + paths.Database[paths.Root.Length..] + FileUsers.Deleted, ofThisProgram: true)
            is { Count: > 0 } users
            ? $"{paths.Display(paths.Database)} was removed while process {string.Join(", ", users)} works with it, and is put back by "
                + "that process within half a minute"
            : null;

    /// <summary>The note of a rebuild that was begun and not finished, else one with a name of its own.</summary>
    internal static (string File, DamageNote? Begun) Begin(WorkspacePaths paths, DateTimeOffset now)
    {
        foreach (var file in Files(paths).Reverse())
        {
            if (Read(file) is { RebuiltAt: null } begun)
            {
                return (file, begun);
            }
        }

        var stamp = $"state-{now.UtcDateTime:yyyyMMdd-HHmmss}";
        for (var number = 1; ; number++)
        {
            var file = Path.Combine(paths.Damaged, $"{stamp}{(number == 1 ? "" : $"-{number}")}.json");
            if (!File.Exists(file))
            {
                return (file, null);
            }
        }
    }

    internal static void Write(string file, DamageNote note) =>
        DurableFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(note, DamageJson.Default.DamageNote));

    private static string Describe(WorkspacePaths paths, string file, DamageNote note)
    {
        if (note.WasUnused)
        {
            return $"{paths.Display(paths.State)} was missing although {paths.Display(paths.Timing)} tells of runs (found "
                + $"{note.FoundAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}): it was removed, as by git clean -fdx, or this is a fresh clone. It "
                + $"was made anew from the time log: {note.Runs} run(s). What had started by it is not started again for the same due "
                + "moment; queued runs, pauses, decisions, request ids, output and briefs of runs, checkpoints, backups, the archive of "
                + $"the memory and the log are lost. This is told for a day; remove {paths.Display(file)} to end it before.";
        }

        if (note.IsRemoval)
        {
            return $"{paths.Display(paths.State)} was removed while a server worked (found "
                + $"{note.FoundAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}). "
                + (
                    note.PausesKept
                        ? $"The server still had its database open and put it back: {note.Runs} run(s), {note.Running} of "
                            + "them going on, with queue, pauses and due moments, so nothing fires twice. "
                        : $"The database was made anew from {paths.Display(paths.Timing)}: {note.Runs} run(s). What had "
                            + "started by it is not started again for the same due moment; queued runs, pauses, decisions and request ids "
                            + "are lost. "
                )
                + $"Gone are the output and briefs of runs, checkpoints, backups, the archive of the memory and the log; "
                + $"{paths.Display(paths.Timing)} has the rows of all that ran. Runs that were going on are ended as "
                + $"interrupted within moments. This is told for a day; remove {paths.Display(file)} to end it before.";
        }

        var found = $"The state database was damaged ({note.Reason}; found {note.FoundAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})";
        var kept = note.Kept.Count == 0 ? "" : $" and was set aside as {paths.Display(Path.Combine(paths.Damaged, note.Kept[0]))}";
        if (note.RebuiltAt is null)
        {
            return $"{found}{kept}; it is rebuilt at the next use.";
        }

        var lost = note.PausesKept
            ? "Queued runs, decisions and request ids are not in files and are lost; pauses were kept."
            : "Pauses, queued runs, decisions and request ids are not in files and are lost: pause again what was paused.";
        return $"{found}{kept}. It was rebuilt from .loop/runs and {paths.Display(paths.Timing)}: {note.Runs} run(s), "
            + $"{note.Running} of them going on. {lost} Remove {paths.Display(file)} to end this message.";
    }

    private static string[] Files(WorkspacePaths paths) =>
        GuardedFolder.Exists(paths.Damaged) ? [.. GuardedFolder.Files(paths.Damaged, Pattern).Order(StringComparer.Ordinal)] : [];

    private static DamageNote? Read(string file)
    {
        try
        {
            return DurableFile.ReadOrNull(file) is { } bytes
                ? JsonSerializer.Deserialize(bytes, DamageJson.Default.DamageNote) is { Reason: not null, Kept: not null } note
                    ? note
                    : null
                : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
