using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// The rules of OpenCode and Kilo for editing files: the last that fits a path counts, and <c>*</c> stands for any characters. The path
/// begins at the root of the git repository around the working folder, or at the root of the file system; so each rule is given with
/// every end of the working folder's path in front of it.
/// </summary>
internal static class OpenCodeEdits
{
    public static void Write(Utf8JsonWriter writer, AgentCall call)
    {
        var begins = Begins(call.WorkingFolder).ToList();
        var edits = EditPatterns.Of(call.Mode);
        writer.WriteStartObject("edit");
        writer.WriteString("*", edits is null ? "allow" : "deny");
        foreach (var allowed in edits?.SelectMany(pattern => Allowed(pattern, begins)).Distinct(StringComparer.Ordinal) ?? [])
        {
            writer.WriteString(allowed, "allow");
        }

        foreach (var begin in begins)
        {
            foreach (var path in ProtectedFiles.Files.Concat(ProtectedFiles.Folders.Select(static folder => $"{folder}/*")))
            {
                writer.WriteString(begin + path, "deny");
            }
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<string> Allowed(EditPattern pattern, IReadOnlyList<string> begins)
    {
        var end = pattern.Extension is null ? "*" : $"*.{pattern.Extension}";
        return pattern.Folder.Length == 0 ? [end] : begins.Select(begin => begin + pattern.Folder + end);
    }

    // "", "ws/", "repo/ws/", ... and the whole path without its first slash.
    private static IEnumerable<string> Begins(string workingFolder)
    {
        var parts = workingFolder.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var count = 0; count <= parts.Length; count++)
        {
            yield return string.Concat(parts[(parts.Length - count)..].Select(static part => part + "/"));
        }
    }
}
