using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Whether the user has said that commands of a workspace may be executed. The word is given for one process (an option or a
/// variable) or recorded for good in a file of the user's, outside every workspace; nothing inside a workspace can give it.
/// </summary>
public sealed class WorkspaceTrust
{
    private readonly string _recordFile;
    private readonly string _root;
    private readonly string? _givenBy;
    private readonly bool _refused;

    /// <summary>Manages the trust in one workspace.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="givenBy">
    /// What gave the word for this process, such as <c>option --trust-workspace</c>; <see langword="null"/> when nothing did.
    /// </param>
    /// <param name="recordFile">The file of recorded words; the user's own by default.</param>
    /// <param name="refused">The user said for this process that the workspace is not trusted; that beats a recorded word.</param>
    public WorkspaceTrust(string root, string? givenBy, string? recordFile = null, bool refused = false)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _givenBy = givenBy;
        _refused = refused;
        _recordFile = recordFile ?? DefaultRecordFile;
    }

    /// <summary>The user's own file of trusted workspaces: one folder a line.</summary>
    public static string DefaultRecordFile =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "loop-orchestrator",
            "trusted-workspaces"
        );

    /// <summary>The file in which the word is recorded.</summary>
    public string RecordFile => _recordFile;

    /// <summary>The workspace's folder.</summary>
    public string Root => _root;

    /// <summary>Whether the word was given to this process, by an option or a variable.</summary>
    public bool IsGivenForProcess => !_refused && _givenBy is not null;

    /// <summary>Whether the word is recorded for good, and not refused to this process.</summary>
    public bool IsRecorded => !_refused && !IsRecordInside && Recorded().Contains(RealRoot(), StringComparer.Ordinal);

    /// <summary>
    /// What gave the word, or <see langword="null"/> while the workspace is not trusted. Looked up anew each time, so that <c>trust</c>
    /// works on a running server.
    /// </summary>
    public string? GivenBy => _refused ? null : _givenBy ?? (IsRecorded ? $"recorded in {_recordFile}" : null);

    /// <summary>Whether the workspace is trusted now.</summary>
    public bool IsTrusted => GivenBy is not null;

    /// <summary>Records the word for good. Does nothing when it is recorded already.</summary>
    /// <exception cref="UserErrorException">The file cannot be written, or the folder's name cannot stand on one line of it.</exception>
    public void Record()
    {
        var root = CheckRecordable();
        Change(folders => folders.Contains(root, StringComparer.Ordinal) ? folders : [.. folders, root]);
    }

    /// <summary>Takes a recorded word back.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    /// <returns>Whether one was recorded.</returns>
    public bool Revoke()
    {
        var root = RealPath.Of(_root);
        var recorded = false;
        Change(folders =>
        {
            recorded = folders.Contains(root, StringComparer.Ordinal);
            return folders.Where(folder => folder != root).ToList();
        });
        return recorded;
    }

    /// <summary>The file beside the record that holds what was seen of this workspace.</summary>
    /// <param name="configurationFile">The configuration file that is not the workspace's own, if so.</param>
    internal string ListFile(string? configurationFile) =>
        Path.Combine(
            ListFolder,
            configurationFile is null ? $"{Name(RealRoot())}.json" : $"{Name(RealRoot())}-{Name(RealPath.Of(configurationFile))}.json"
        );

    /// <summary>All files with what was seen of this workspace, under whichever configuration.</summary>
    internal IReadOnlyList<string> ListFiles() =>
        Directory.Exists(ListFolder) ? Directory.GetFiles(ListFolder, $"{Name(RealRoot())}*.json") : [];

    /// <summary>The folder as it is recorded.</summary>
    /// <exception cref="UserErrorException">Its name cannot stand on one line.</exception>
    internal string CheckRecordable()
    {
        // By the real path: a link that leads elsewhere tomorrow must not take the word with it.
        var root = RealPath.Of(_root);
        if (IsRecordInside)
        {
            throw new UserErrorException(
                $"Trust is recorded in {_recordFile}, which lies in this workspace: whoever writes here could give it. "
                    + "--trust-workspace gives it for one process; another folder for your configuration (XDG_CONFIG_HOME) "
                    + "lets it be recorded."
            );
        }

        return root.AsSpan().ContainsAny('\n', '\r')
            // Each of its lines would be taken for a folder of its own.
            ? throw new UserErrorException(
                "The path of this workspace has a line break in it, so the trust cannot be recorded. "
                    + "Rename the folder; --trust-workspace gives it for one process."
            )
            : root;
    }

    private string ListFolder => Path.Combine(Path.GetDirectoryName(_recordFile)!, "trusted-lists");

    // A repository of somebody's settings may hold the folder in which the words are: then it could bring one.
    private bool IsRecordInside
    {
        get
        {
            try
            {
                return RealPath.Of(_recordFile).StartsWith(RealRoot() + Path.DirectorySeparatorChar, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    private static string Name(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32];

    private string RealRoot()
    {
        try
        {
            return RealPath.Of(_root);
        }
        catch (IOException)
        {
            // What leads in a circle is nobody's workspace.
            return "";
        }
    }

    private List<string> Recorded()
    {
        try
        {
            return Read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be read gives no trust.
            return [];
        }
    }

    // A folder's name may begin or end with spaces, so only what editors add to a line end is taken off.
    private List<string> Read() =>
        DurableFile.ReadOrNull(_recordFile) is { } content
            ? Encoding
                .UTF8.GetString(content)
                .Split('\n')
                .Select(static line => line.TrimEnd('\r'))
                .Where(static line => line.Length > 0)
                .ToList()
            : [];

    private void Change(Func<List<string>, List<string>> change)
    {
        try
        {
            // Read here and not forgivingly: a file that cannot be read now must not lose the words for other workspaces.
            GuardedFolder.Create(Path.GetDirectoryName(_recordFile)!);
            DurableFile.Replace(_recordFile, Encoding.UTF8.GetBytes(string.Concat(change(Read()).Select(static folder => folder + "\n"))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{_recordFile} cannot be written ({exception.Message}), so the trust could not be recorded. "
                    + "--trust-workspace gives it for one process.",
                exception
            );
        }
    }
}
