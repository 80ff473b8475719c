using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>
/// Takes the modes and agents of other tools over into a workspace's <c>.roomodes</c>. Safe for many threads and processes.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="time">The clock for the names of backups.</param>
public sealed class ModeImport(WorkspacePaths paths, TimeProvider time)
{
    private const int MaxFiles = 500;
    private const int MaxDepth = 8;

    private static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private static readonly string[] KnownFields =
    [
        "slug",
        "name",
        "description",
        "roleDefinition",
        "whenToUse",
        "customInstructions",
        "groups",
        "source",
    ];

    private readonly SharedFile _file = new(
        new SharedPath(paths, paths.RooModes, FileSizes.Modes),
        Path.Combine(paths.Locks, Path.GetFileName(paths.RooModes) + ".lock"),
        () =>
        {
            StateFolder.Ensure(paths);
            WorkspaceBounds.Check(paths, paths.RooModes);
        },
        new FileBackups(paths, paths.RooModes, time)
    );

    /// <summary>What is looked for in a workspace when no file is named.</summary>
    public static IReadOnlyList<string> Places { get; } = [".kilocodemodes", "custom_modes.yaml", ".roo/.roomodes", ".claude/agents"];

    /// <summary>The files of other tools in the workspace, those that link outside left out.</summary>
    public IReadOnlyList<string> Find() =>
        Places.Select(place => Path.Combine(paths.Root, place)).Where(Path.Exists).SelectMany(Expand).Where(IsInside).ToList();

    /// <summary>
    /// Reads what is named: files, or folders with agents of Claude Code. One that is not there or cannot be read is told as an error of
    /// its own and keeps nothing else from being read.
    /// </summary>
    /// <param name="named">Paths, absolute or against the current folder.</param>
    /// <exception cref="UserErrorException">They are too many.</exception>
    public IReadOnlyList<ImportSource> Read(IEnumerable<string> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        var files = named.SelectMany(static path => Expand(Path.GetFullPath(path))).Distinct(StringComparer.Ordinal).ToList();
        if (files.Count > MaxFiles)
        {
            throw new UserErrorException(
                $"These are {files.Count} files, and at most {MaxFiles} are imported at once. Name a folder with fewer."
            );
        }

        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        return files.Select(ReadFile).Select(source => WithoutRepeats(source, taken)).ToList();
    }

    /// <summary>Merges modes into <c>.roomodes</c>; its earlier bytes are kept among the backups.</summary>
    /// <param name="modes">The modes, each slug once.</param>
    /// <param name="replace">Whether entries of the same slug are replaced.</param>
    /// <param name="dryRun">Says what would be done, and does nothing.</param>
    /// <param name="cancellationToken">Ends the wait for the file.</param>
    /// <exception cref="UserErrorException">
    /// The file cannot be read or written, or not be changed without touching what should stay; it is as it was.
    /// </exception>
    public async Task<ImportResult> ApplyAsync(
        IReadOnlyList<Mode> modes,
        bool replace,
        bool dryRun,
        CancellationToken cancellationToken = default
    )
    {
        var name = paths.Display(paths.RooModes);
        if (dryRun)
        {
            return RooModesMerge.Merge(_file.Read(), modes, replace, name).Result;
        }

        var (result, backup) = await _file.ChangeWithBackupAsync(old => RooModesMerge.Merge(old, modes, replace, name), cancellationToken);
        return result with { Backup = backup };
    }

    /// <summary>Why Roo Code refuses the workspace's <c>.roomodes</c> as it is now; empty when it takes it, or there is none.</summary>
    public IReadOnlyList<Diagnostic> CheckForRoo() =>
        _file.Read() is { } content ? RooAcceptance.Check(content, paths.Display(paths.RooModes)) : [];

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? Agents(path, depth: 0).Order(StringComparer.Ordinal) : [path];

    // A folder that cannot be listed stands for what is in it, so that it is told when it comes to be read.
    private static List<string> Agents(string folder, int depth)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder, "*.md", Here).ToList();
            return depth == MaxDepth
                ? files
                : [.. files, .. Directory.GetDirectories(folder, "*", Here).SelectMany(below => Agents(below, depth + 1))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [folder];
        }
    }

    private bool IsInside(string file)
    {
        try
        {
            WorkspaceBounds.Check(paths, file);
            return true;
        }
        catch (UserErrorException)
        {
            // A repository must not have its user's other files copied into one that is committed.
            return false;
        }
    }

    private ImportSource ReadFile(string path)
    {
        var name = paths.Display(path);
        try
        {
            if (new SharedPath(paths, path, FileSizes.Modes).ReadOrNull() is not { } content)
            {
                return NotRead(name, $"There is no file or folder {path}.");
            }

            if (Path.GetExtension(path).Equals(".md", StringComparison.OrdinalIgnoreCase))
            {
                return ClaudeAgentFile.Read(content, name, Path.GetFileNameWithoutExtension(path));
            }

            var result = RooModesFile.Read(content, name);
            var diagnostics = new List<Diagnostic>([.. result.Diagnostics, .. UnknownFields(content, name)]);
            return new(name, Acceptable(result.Modes, name, diagnostics), diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NotRead(name, $"{path} cannot be read ({exception.Message}). Check that it is a file and that this user may read it.");
        }
        catch (UserErrorException exception)
        {
            return NotRead(name, exception.Message);
        }
    }

    // What Roo would refuse in the one file that all modes come to stand in, and it would then show none of them.
    private static List<Mode> Acceptable(IReadOnlyList<Mode> modes, string name, List<Diagnostic> diagnostics)
    {
        var acceptable = new List<Mode>();
        foreach (var mode in modes)
        {
            var unknown = mode.Groups.Where(static group => !ModeGroup.IsKnown(group.Name)).Select(static group => group.Name).ToList();
            if (unknown.Count > 0)
            {
                Add(
                    DiagnosticSeverity.Information,
                    $"Mode '{mode.Slug}' comes without what allows nothing: {string.Join(", ", unknown)}. Roo Code would refuse the file."
                );
            }

            if (
                mode
                    .Groups.Select(static group => group.FileRegex is { } regex ? ScriptRegex.ProblemOf(regex) : null)
                    .FirstOrDefault(static problem => problem is not null) is
                { } problem
            )
            {
                Add(
                    DiagnosticSeverity.Error,
                    $"Mode '{mode.Slug}' is left out: its 'fileRegex' is no regular expression of JavaScript ({problem}), so Roo Code "
                        + "would refuse the file. Write it another way."
                );
                continue;
            }

            acceptable.Add(
                unknown.Count == 0 ? mode : mode with { Groups = mode.Groups.Where(static group => ModeGroup.IsKnown(group.Name)).ToList() }
            );
        }

        return acceptable;

        void Add(DiagnosticSeverity severity, string message) => diagnostics.Add(new(severity, name, null, null, message));
    }

    private static ImportSource NotRead(string name, string why) =>
        new(name, [], [new Diagnostic(DiagnosticSeverity.Error, name, null, null, why)]);

    private static IEnumerable<Diagnostic> UnknownFields(byte[] content, string name)
    {
        if (
            content.Length > RooModesFile.MaxBytes
            || RooModesText.Decode(content, name, []) is not { } text
            || ModesDocument.Parse(text, name, []) is not { Root: YamlMappingNode root } document
            || RooModesInterpreter.Child(root, "customModes") is not YamlSequenceNode list
        )
        {
            return [];
        }

        return list
            .Children.OfType<YamlMappingNode>()
            .Take(MaxFiles)
            .SelectMany(static entry => entry.Children.Keys)
            .OfType<YamlScalarNode>()
            .Where(static key => !KnownFields.Contains(key.Value, StringComparer.Ordinal))
            .GroupBy(static key => key.Value ?? "", StringComparer.Ordinal)
            .Take(20)
            .Select(keys => new Diagnostic(
                DiagnosticSeverity.Information,
                name,
                document.HasPositions ? (int)keys.First().Start.Line : null,
                null,
                $"The field '{keys.Key}' ({keys.Count()} times, first here) is not carried over."
            ));
    }

    private static ImportSource WithoutRepeats(ImportSource source, Dictionary<string, string> taken)
    {
        var repeats = source.Modes.Where(mode => !taken.TryAdd(mode.Slug, source.File)).ToList();
        return repeats.Count == 0
            ? source
            : source with
            {
                Modes = source.Modes.Except(repeats).ToList(),
                Diagnostics =
                [
                    .. source.Diagnostics,
                    .. repeats.Select(mode => new Diagnostic(
                        DiagnosticSeverity.Warning,
                        source.File,
                        null,
                        null,
                        $"Mode '{mode.Slug}' was found in {taken[mode.Slug]} already; this one is left out."
                    )),
                ],
            };
    }
}
