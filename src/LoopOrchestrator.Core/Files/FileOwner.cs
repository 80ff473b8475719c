namespace LoopOrchestrator.Core.Files;

/// <summary>Who owns folders.</summary>
public static class FileOwner
{
    /// <summary>
    /// Whether a folder is owned by this process's user or by the owner of another folder. Off Linux the answer is always yes.
    /// </summary>
    public static bool IsSameOrOwn(string folder, string other) =>
        SpecialFile.Owner(folder) is not { } owner || owner == SpecialFile.Owner("/proc/self") || owner == SpecialFile.Owner(other);
}
