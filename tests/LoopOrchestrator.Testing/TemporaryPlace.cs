namespace LoopOrchestrator.Testing;

/// <summary>
/// Where the folders of tests lie: in memory (<c>/dev/shm</c>) where there is room for it, since thousands of folders are made, synced and
/// removed, and what a disk takes for that is no part of any test. <c>TMPDIR</c> names another place, as <c>.ci/run soak</c> does.
/// </summary>
public static class TemporaryPlace
{
    private const string Memory = "/dev/shm";
    private const long MinFreeBytes = 4L << 30;

    /// <summary>The folder that they lie in.</summary>
    public static string Root { get; } = Find();

    /// <summary>Makes a folder that only this user may read.</summary>
    /// <returns>Its path, absolute.</returns>
    public static string Create()
    {
        var path = Path.Combine(Root, $"loop-test-{Path.GetRandomFileName()}");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private static string Find() =>
        Environment.GetEnvironmentVariable("TMPDIR") is not { Length: > 0 }
        && Directory.Exists(Memory)
        && new DriveInfo(Memory).AvailableFreeSpace >= MinFreeBytes
            ? Memory
            : Path.GetTempPath();
}
