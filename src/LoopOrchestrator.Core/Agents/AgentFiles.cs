using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents;

/// <summary>Puts the files of a call where its program looks for them.</summary>
internal static class AgentFiles
{
    // ENOSPC and EDQUOT, which has a number of its own on macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private static readonly int[] Full = OperatingSystem.IsWindows() ? [39, 112] : [28, 69, 122];

    /// <summary>Writes them. What lies in the program's home from a start that came to nothing is replaced.</summary>
    /// <param name="invocation">The call.</param>
    /// <exception cref="UserErrorException">There can be no links here; nothing that passes by itself.</exception>
    /// <exception cref="IOException">A file cannot be written now.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static void Write(AgentInvocation invocation)
    {
        if (invocation.Home is { } home)
        {
            GuardedFolder.Delete(home);
            GuardedFolder.CreatePrivate(home);
        }

        foreach (var (file, content) in invocation.Files)
        {
            // The token of the run is in one of them.
            GuardedFolder.Create(Path.GetDirectoryName(file)!);
            DurableFile.ReplacePrivate(file, content);
        }

        foreach (var (link, target) in invocation.Links)
        {
            MakeLink(link, target);
        }
    }

    private static void MakeLink(string link, string target)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
        }
        catch (Exception exception)
            when (exception is UnauthorizedAccessException or PlatformNotSupportedException
                || (exception is IOException && !SystemShortage.Is(exception) && !Full.Contains(exception.HResult & 0xFFFF))
            )
        {
            throw new UserErrorException(
                $"the home of its program needs a link to {target}, and none can be made at {link} ({exception.Message}). Let this user "
                    + "make links there: on Windows by its developer mode, else on a file system that has them.",
                exception
            );
        }
    }
}
