using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// The git program that is used for a folder, and where git may find programs of its own. Neither ever lies in the workspace or in the
/// repository around it: a <c>PATH</c> that leads there (direnv, <c>node_modules/.bin</c>) would let a repository choose what is executed.
/// </summary>
internal sealed class GitProgram
{
    /// <summary>What is said where there is none.</summary>
    public const string Missing = "there is no git on PATH outside of the workspace and its repository";

    private readonly string _boundary;
    private readonly string _searchPath;

    private GitProgram(string path, string boundary, string searchPath)
    {
        Path = path;
        _boundary = boundary;
        _searchPath = searchPath;
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>
    /// The entries of <c>PATH</c> that git may look for programs in (filters, helpers of credentials, ssh): those outside.
    /// </summary>
    public string SearchPath =>
        string.Join(
            System.IO.Path.PathSeparator,
            _searchPath
                .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(entry => System.IO.Path.IsPathFullyQualified(entry) && !IsInside(entry))
        );

    /// <summary>The program for a folder; <see langword="null"/> where there is none outside.</summary>
    /// <param name="folder">The workspace, or a work tree in it; absolute.</param>
    public static GitProgram? Find(string folder) => Find(folder, ExecutableFinder.SearchPath);

    internal static GitProgram? Find(string folder, string searchPath)
    {
        var boundary = BoundaryOf(folder);
        return ExecutableFinder.FindOutside("git", boundary, searchPath) is { } path ? new GitProgram(path, boundary, searchPath) : null;
    }

    /// <summary>Whether a path lies where nothing is executed from.</summary>
    public bool IsInside(string path) => ExecutableFinder.IsInside(path, _boundary);

    // The nearest folder with a .git folder. One whose .git is a file is a submodule or a work tree, and belongs to what is around it.
    private static string BoundaryOf(string folder)
    {
        var boundary = folder;
        for (var at = folder; at is not null; at = System.IO.Path.GetDirectoryName(at))
        {
            var git = System.IO.Path.Combine(at, ".git");
            if (System.IO.Path.Exists(git))
            {
                boundary = at;
            }

            if (Directory.Exists(git))
            {
                break;
            }
        }

        return boundary;
    }
}
