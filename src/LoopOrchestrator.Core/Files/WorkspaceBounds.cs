using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Files;

/// <summary>Keeps what we write inside the workspace: a link in a repository must not lead our writes to its user's other files.</summary>
internal static class WorkspaceBounds
{
    /// <summary>
    /// Returns when nothing but a file or folder of the workspace can be meant by a path: below <c>.loop</c> none that is reached through a
    /// link, elsewhere as <see cref="SharedPath"/> says.
    /// </summary>
    /// <exception cref="UserErrorException">It leads elsewhere.</exception>
    public static void Check(WorkspacePaths paths, string path)
    {
        ArgumentNullException.ThrowIfNull(paths);
        try
        {
            var guarded = new SharedPath(paths, path, FileSizes.Own).Resolve();
            if (guarded.Anchor is null)
            {
                throw new LinkRefusedException($"{path} is outside the workspace. Name a file or folder of the workspace");
            }

            if (guarded.FindLink() is { } link)
            {
                throw LinkRefusedException.Below(path, link.Path, link.Target);
            }
        }
        catch (LinkRefusedException exception)
        {
            throw new UserErrorException($"{exception.Message}; nothing was written.", exception);
        }
    }
}
