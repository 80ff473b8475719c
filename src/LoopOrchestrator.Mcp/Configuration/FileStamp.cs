namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>What tells that a file has been changed, its permissions included, without reading it.</summary>
internal readonly record struct FileStamp(bool Exists, long Length, DateTime Written, UnixFileMode Mode)
{
    public static FileStamp Of(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? new FileStamp(Exists: true, info.Length, info.LastWriteTimeUtc, info.UnixFileMode) : default;
    }
}
