using System.Text.Json;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Storage;

/// <summary>The notes beside databases that were set aside. Each is shown until its user removes it.</summary>
public static class DamageNotes
{
    private const string Pattern = "state-*.json";

    /// <summary>What is to be told of damaged databases of this workspace, newest last; empty when there was none or all notes were removed.</summary>
    public static IReadOnlyList<string> Describe(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Files(paths).Select(file => (File: file, Note: Read(file))).Where(static pair => pair.Note is not null).Select(pair => Describe(paths, pair.File, pair.Note!)).ToList();
    }

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

    internal static void Write(string file, DamageNote note) => DurableFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(note, DamageJson.Default.DamageNote));

    private static string Describe(WorkspacePaths paths, string file, DamageNote note)
    {
        var found = $"The state database was damaged ({note.Reason}; found {note.FoundAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})";
        var kept = note.Kept.Count == 0 ? "" : $" and was set aside as {paths.Display(Path.Combine(paths.Damaged, note.Kept[0]))}";
        if (note.RebuiltAt is null)
        {
            return $"{found}{kept}; it is rebuilt at the next use.";
        }

        var lost = note.PausesKept
            ? "Queued runs and decisions are not in files and are lost; pauses were kept."
            : "Pauses, queued runs and decisions are not in files and are lost: pause again what was paused.";
        return $"{found}{kept}. It was rebuilt from .loop/runs and {paths.Display(paths.Timing)}: {note.Runs} run(s), {note.Running} of them going on. {lost} "
            + $"Remove {paths.Display(file)} to end this message.";
    }

    private static string[] Files(WorkspacePaths paths) =>
        GuardedFolder.Exists(paths.Damaged) ? [.. GuardedFolder.Files(paths.Damaged, Pattern).Order(StringComparer.Ordinal)] : [];

    private static DamageNote? Read(string file)
    {
        try
        {
            return DurableFile.ReadOrNull(file) is { } bytes ? JsonSerializer.Deserialize(bytes, DamageJson.Default.DamageNote) is { Reason: not null, Kept: not null } note ? note : null : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
