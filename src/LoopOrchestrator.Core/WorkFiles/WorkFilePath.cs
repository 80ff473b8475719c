using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// A path that a client gave for a file or folder of the workspace. Only what cannot mean anything else on any system is taken: relative,
/// forward slashes, no step upward. No link is followed on the way, by <see cref="GuardedFile"/> at the moment of opening. Immutable.
/// </summary>
internal sealed class WorkFilePath
{
    private const string Nothing = "Nothing was read or written.";

    // What git itself never lets stand in a tree: its folder as Windows shortens it.
    private static readonly string[] Closed = [".git", "git~1", ".loop", "loop~1"];

    private static readonly HashSet<string> WithToolsOfTheirOwn = new(StringComparer.OrdinalIgnoreCase)
    {
        "TODO.md",
        "persistent-memory.md",
        "task_timing.tsv",
    };

    private static readonly HashSet<string> Deciding = new(
        [.. ProtectedFiles.Files, .. McpClients.All.SelectMany(static client => client.ProjectFiles)],
        StringComparer.OrdinalIgnoreCase
    );

    private WorkFilePath(WorkspacePaths paths, string[] segments)
    {
        Segments = segments;
        Guarded = new GuardedPath(segments.Length == 0 ? paths.Root : Path.Combine([paths.Root, .. segments]), paths.Root);
    }

    /// <summary>The names on the way; none for the workspace's own folder.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>As it is opened.</summary>
    public GuardedPath Guarded { get; }

    /// <summary>As it is told: relative, with forward slashes.</summary>
    public string Relative => string.Join('/', Segments);

    /// <summary>Reads a path of a file.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="UserErrorException">It is none that may be read.</exception>
    public static WorkFilePath File(WorkspacePaths paths, string text)
    {
        var path = Parse(paths, text);
        if (path.Segments.Count == 0)
        {
            throw Refused(text, "names no file");
        }

        if (WhyClosed(path.Relative) is { } why)
        {
            throw Refused(text, why);
        }

        return path;
    }

    /// <summary>Reads a path of a file that is to be written.</summary>
    /// <inheritdoc cref="File(WorkspacePaths, string)"/>
    public static WorkFilePath ToWrite(WorkspacePaths paths, string text)
    {
        var path = File(paths, text);
        if (path.Segments.FirstOrDefault(IsOdd) is { } odd)
        {
            throw Refused(text, $"has the name '{odd}', which is a device or another file on some systems; choose another one");
        }

        var plain = WorkFileName.Plain(path.Relative);
        return WithToolsOfTheirOwn.Contains(plain) || WorkspacePaths.IsTimingMonth(plain.ToLowerInvariant())
                ? throw Refused(text, "is written by tools of its own (update_todo, append_memory, log_timing), which keep what others add")
            : Deciding.Contains(plain)
                ? throw Refused(text, "says what is executed here or in a client, so a person changes it (schedules: save_schedule)")
            : path;
    }

    /// <summary>Reads a path of a folder; nothing and <c>.</c> are the workspace's own.</summary>
    /// <inheritdoc cref="File(WorkspacePaths, string)"/>
    public static WorkFilePath Folder(WorkspacePaths paths, string? text) => Parse(paths, string.IsNullOrEmpty(text) ? "." : text);

    /// <summary>An entry of a folder that was read, by its name.</summary>
    public static WorkFilePath Entry(WorkspacePaths paths, WorkFilePath folder, string name) => new(paths, [.. folder.Segments, name]);

    /// <summary>Whether a name is never entered, listed or opened: what is below means something to a program.</summary>
    public static bool IsClosed(string name) =>
        Array.Exists(Closed, closed => closed.Equals(WorkFileName.Plain(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a file is not shown although it could be; <see langword="null"/> for any other.</summary>
    public static string? WhyClosed(string relative) =>
        CredentialFileNames.IsCredential(WorkFileName.Plain(relative)) ? "is a file of credentials by its name" : null;

    private static WorkFilePath Parse(WorkspacePaths paths, string text)
    {
        if (text.Length > WorkFileLimits.Path)
        {
            throw new UserErrorException($"The path has {text.Length} characters and may have {WorkFileLimits.Path}. {Nothing}");
        }

        // Half characters have no bytes, control characters end a name for some and not for others.
        if (text.Any(static character => char.IsControl(character)) || !IsWhole(text))
        {
            throw new UserErrorException($"The path holds a control character or half a character. {Nothing}");
        }

        if (text.Contains('\\'))
        {
            throw Refused(text, "holds a backslash; write forward slashes, from the workspace's folder on");
        }

        if (text.StartsWith('/') || text.StartsWith('~') || (text.Length > 1 && text[1] == ':') || Path.IsPathRooted(text))
        {
            throw Refused(text, "is not relative; write it from the workspace's folder on, as in src/app.cs");
        }

        var segments = text.Split('/').Where(static segment => segment is not ("" or ".")).ToArray();
        if (Array.Exists(segments, static name => name.Trim('.', ' ').Length == 0))
        {
            throw Refused(text, "goes upward with '..', or has a name of dots; write it from the workspace's folder on");
        }

        if (Array.Find(segments, IsClosed) is { } closed)
        {
            throw Refused(text, $"leads into {closed}, which no tool of files opens");
        }

        if (OperatingSystem.IsWindows() && Array.Find(segments, MeansAnother) is { } another)
        {
            throw Refused(text, $"has the name '{another}', which is a device, or a short name of another file");
        }

        return new WorkFilePath(paths, segments);
    }

    private static bool IsOdd(string name) => MeansAnother(name) || name[^1] is '.' or ' ';

    // On Windows, whatever is there by that name elsewhere.
    private static bool MeansAnother(string name) => WorkFileName.IsDevice(name) || WorkFileName.IsShort(name) || name.Contains(':');

    private static bool IsWhole(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static UserErrorException Refused(string text, string why) => new($"The path '{text}' {why}. {Nothing}");
}
