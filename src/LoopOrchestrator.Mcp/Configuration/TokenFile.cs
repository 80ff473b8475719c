namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// The token file while a server runs: a change of it counts at the next request. A file that cannot be used any more lets nobody
/// in, since whoever took its content away may have meant that. Safe for any number of threads.
/// </summary>
/// <param name="path">The file, absolute.</param>
/// <param name="workspace">The workspace's folder, absolute; a file that comes to lie in it counts no more.</param>
/// <param name="changed">
/// Called after the file was read anew: with what is wrong with it, or <see langword="null"/> when it is good.
/// </param>
internal sealed class TokenFile(string path, string workspace, Action<ConfigurationProblem?> changed)
{
    private readonly Lock _lock = new();
    private FileStamp _stamp = FileStamp.Of(path);
    private AccessToken? _token = AccessToken.Load(path, workspace, out _);

    /// <summary>Whether a client that shows this word is let in.</summary>
    public bool Matches(string candidate) => Current()?.Matches(candidate) == true;

    private AccessToken? Current()
    {
        var stamp = FileStamp.Of(path);
        ConfigurationProblem? problem;
        lock (_lock)
        {
            if (stamp == _stamp)
            {
                return _token;
            }

            // The stamp is the one from before reading: what is written meanwhile is read at the next request.
            _token = AccessToken.Load(path, workspace, out problem);
            _stamp = stamp;
        }

        changed(problem);
        return _token;
    }

    private readonly record struct FileStamp(bool Exists, long Length, DateTime Written)
    {
        public static FileStamp Of(string path)
        {
            var info = new FileInfo(path);
            return info.Exists ? new FileStamp(Exists: true, info.Length, info.LastWriteTimeUtc) : default;
        }
    }
}
