using System.Security.Cryptography;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Hosting.Sessions;

/// <summary>
/// What the ids of this workspace's sessions are signed with, so that a server knows them again that has never seen them. It gives nobody
/// any right: whoever may call the server may begin a session anyway.
/// </summary>
internal static class SessionKey
{
    private const int Size = 32;

    /// <summary>The workspace's key, made where there is none. One of this process alone where it cannot be kept.</summary>
    public static byte[] Of(WorkspacePaths paths)
    {
        var file = paths.SessionKey;
        try
        {
            if (DurableFile.ReadOrNull(file) is { Length: Size } kept)
            {
                return kept;
            }

            var key = RandomNumberGenerator.GetBytes(Size);
            StateFolder.Ensure(paths);
            DurableFile.Replace(file, key);
            return key;
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return RandomNumberGenerator.GetBytes(Size);
        }
    }
}
