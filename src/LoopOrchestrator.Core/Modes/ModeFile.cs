using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// The modes in force: the built-in ones and those of the workspace's <c>.roomodes</c>, read again when it changes. A file that
/// breaks keeps its last good state in force. Safe for many threads.
/// </summary>
public sealed class ModeFile(WorkspacePaths paths)
{
    private readonly CachedFile<ModeCatalog> _file = new([new(paths, paths.RooModes, FileSizes.Modes)], (path, content) =>
    {
        var result = content is null ? RooModesResult.Empty : RooModesFile.Read(content, paths.Display(path));
        return (new ModeCatalog(result), result.Modes.Count > 0 || !result.HasErrors);
    });

    /// <summary>The modes in force.</summary>
    public ModeCatalog Catalog => _file.Current.InForce;

    /// <summary>What is wrong in the file.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics
    {
        get
        {
            var (_, latest, readError) = _file.Current;
            return readError is null
                ? latest.Diagnostics
                :
                [
                    .. latest.Diagnostics,
                    new Diagnostic(
                        DiagnosticSeverity.Error,
                        paths.Display(paths.RooModes),
                        null,
                        null,
                        $"it cannot be read ({readError}); the modes read last stay in force"
                    ),
                ];
        }
    }

    /// <summary>The mode of that slug.</summary>
    /// <exception cref="UserErrorException">There is none; the message names the nearest.</exception>
    public Mode Get(string slug)
    {
        var catalog = Catalog;
        return catalog.Find(slug)
            ?? throw new UserErrorException(
                $"There is no mode '{slug}'."
                    + $"{(catalog.Nearest(slug) is { Count: > 0 } nearest ? $" Nearest: {string.Join(", ", nearest)}." : "")}"
                    + $" {ToolNames.ListModes} shows all {catalog.All.Count}."
            );
    }
}
