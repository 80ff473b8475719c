using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Files;

/// <summary>Creates the folder of our own state in a workspace.</summary>
public static class StateFolder
{
    /// <summary>
    /// Makes sure that the state folder and its sub-folders exist. The first thing written is a <c>.gitignore</c> that hides all of it.
    /// Safe to call from several processes at once.
    /// </summary>
    /// <exception cref="UserErrorException">The folder cannot be created or written.</exception>
    public static void Ensure(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (!Directory.Exists(paths.Root))
        {
            // A workspace that was moved or unmounted must not come back as an empty folder with our state in it.
            throw Gone(paths);
        }

        foreach (var folder in (string[])[paths.Checks, paths.MemoryArchive, Path.Combine(paths.State, "logs")])
        {
            WorkspaceBounds.Check(paths, folder);
        }

        try
        {
            GuardedFolder.Create(paths.State);
            var ignore = Path.Combine(paths.State, ".gitignore");
            if (!Path.Exists(ignore))
            {
                DurableFile.Replace(ignore, "*\n"u8);
            }

            GuardedFolder.Create(paths.Locks);
            GuardedFolder.Create(paths.Runs);
            GuardedFolder.Create(Path.GetDirectoryName(paths.Bell)!);
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(paths.Root))
        {
            throw Gone(paths);
        }
        catch (LinkRefusedException exception)
        {
            throw new UserErrorException(
                $"{exception.Message}; nothing was written, and nothing can be recorded or started without it.",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The state folder {paths.State} cannot be written ({exception.Message}). Nothing can be recorded or started without it: "
                    + "give this user write permission there, or free space on that disk.",
                exception
            );
        }
    }

    private static UserErrorException Gone(WorkspacePaths paths) =>
        new(
            $"The workspace folder {paths.Root} does not exist (any more); nothing was written. Put it back, or start "
                + "with --workspace and the folder's new place."
        );
}
