using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// What Roo Code tells an agent beside the mode's own instructions: the rules of the mode, <c>AGENTS.md</c>, the rules of all modes. In its
/// order: within a folder by the names of the files, and a folder takes the place of the single file. Of the workspace only.
/// </summary>
/// <param name="Texts">The rules.</param>
/// <param name="Unread">Files that were not read, each with why.</param>
internal sealed record RooRules(IReadOnlyList<ModeRule> Texts, IReadOnlyList<string> Unread)
{
    private const string Folder = ".roo";
    private const int MaxFiles = 200;
    private const long MaxBytes = 256 * 1024;

    // What Roo Code leaves out of a folder of rules, too.
    private static readonly string[] Passed =
    [
        ".DS_Store",
        ".bak",
        ".cache",
        ".crdownload",
        ".db",
        ".dmp",
        ".dump",
        ".eslintcache",
        ".lock",
        ".log",
        ".old",
        ".part",
        ".partial",
        ".pyc",
        ".pyo",
        ".stackdump",
        ".swo",
        ".swp",
        ".temp",
        ".tmp",
    ];

    /// <summary>No rules.</summary>
    public static RooRules None { get; } = new([], []);

    /// <summary>Reads the rules of a mode.</summary>
    public static RooRules Read(WorkspacePaths paths, Mode mode)
    {
        var reading = new Reading(paths);
        var own = $"rules-{mode.Slug}";
        if (!reading.AddFolder(own, mode.Rules))
        {
            reading.AddFirst($".roorules-{mode.Slug}", $".clinerules-{mode.Slug}");
        }

        reading.AddFirst("AGENTS.md", "AGENT.md");
        if (!reading.AddFolder("rules", []))
        {
            reading.AddFirst(".roorules", ".clinerules");
        }

        return new RooRules(reading.Texts, reading.Unread);
    }

    private sealed class Reading(WorkspacePaths paths)
    {
        public List<ModeRule> Texts { get; } = [];

        public List<string> Unread { get; } = [];

        // True when the folder said anything: the single file counts only else.
        public bool AddFolder(string name, IReadOnlyList<ModeRule> more)
        {
            var before = Texts.Count + Unread.Count;
            var folder = Path.Combine(paths.Root, Folder, name);
            List<(string Name, ModeRule Rule)> all =
            [
                .. FilesBelow(folder).Select(file => (Path.GetFileName(file), new ModeRule(paths.Display(file), ""))),
            ];

            // What an export brought along, where nobody has written it to its file.
            all.AddRange(
                more.Where(rule => !File.Exists(Path.Combine(paths.Root, Folder, rule.Path)))
                    .Select(static rule => (Path.GetFileName(rule.Path), rule with { Path = $"rulesFiles: {rule.Path}" }))
            );
            foreach (
                var (_, rule) in all.OrderBy(static one => one.Name, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(static one => one.Rule.Path, StringComparer.Ordinal)
            )
            {
                if (rule.Text.Length > 0)
                {
                    Texts.Add(rule);
                }
                else if (Texts.Count + Unread.Count - before >= MaxFiles)
                {
                    Unread.Add($"{rule.Path} (more than {MaxFiles} files)");
                }
                else
                {
                    Add(rule.Path);
                }
            }

            return Texts.Count + Unread.Count > before;
        }

        public void AddFirst(params string[] names)
        {
            _ = names.FirstOrDefault(Add);
        }

        private bool Add(string name)
        {
            try
            {
                var file = new SharedPath(paths, Path.Combine(paths.Root, name), MaxBytes);
                if (Directory.Exists(file.FilePath) || file.ReadOrNull() is not { } bytes)
                {
                    return false;
                }

                if (!IsText(bytes))
                {
                    Unread.Add($"{name} (no text)");
                    return true;
                }

                var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Trim();
                if (text.Length > 0)
                {
                    Texts.Add(new ModeRule(name, text));
                }

                return text.Length > 0;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Unread.Add($"{name} ({exception.Message})");
                return true;
            }
        }

        private static bool IsText(byte[] bytes) => !bytes.AsSpan().Contains((byte)0) && Utf8.IsValid(bytes);

        private static List<string> FilesBelow(string folder)
        {
            try
            {
                return GuardedFolder.Exists(folder)
                    ?
                    [
                        .. GuardedFolder
                            .FilesBelow(folder)
                            .Where(static file => !Passed.Any(end => file.EndsWith(end, StringComparison.Ordinal))),
                    ]
                    : [];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }
}
