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
/// <param name="time">The clock, for tokens that expire.</param>
/// <param name="isOptional">
/// Whether clients need a token only once the file is there: the user's own list, which nobody named. From then on they need one for as
/// long as this process lives.
/// </param>
internal sealed class TokenFile(
    string path,
    string workspace,
    Action<ConfigurationProblem?> changed,
    TimeProvider time,
    bool isOptional = false
)
{
    private readonly Lock _lock = new();
    private FileStamp _stamp = FileStamp.Of(path);
    private AccessTokens? _tokens = AccessTokens.Load(path, workspace, out _);
    private bool _isRequired = !isOptional;

    /// <summary>Whether clients need a token.</summary>
    public bool IsRequired => _isRequired || (_isRequired = File.Exists(path));

    /// <summary>Finds what a client that shows this word is let in as.</summary>
    /// <param name="candidate">The word.</param>
    /// <param name="expired">The name of the token that it is, where that has expired.</param>
    public AccessGrant? Find(string candidate, out string? expired)
    {
        var grant = Current()?.Find(candidate);
        expired = grant?.Expires <= time.GetUtcNow() ? grant!.Name : null;
        return expired is null ? grant : null;
    }

    /// <summary>
    /// Whether a token that was found before would be found now. The word itself is not needed for it, and nobody keeps it.
    /// </summary>
    public bool StillCounts(AccessGrant grant) => Current()?.Holds(grant.Id) is { } now && !(now.Expires <= time.GetUtcNow());

    private AccessTokens? Current()
    {
        var stamp = FileStamp.Of(path);
        ConfigurationProblem? problem;
        lock (_lock)
        {
            if (stamp == _stamp)
            {
                return _tokens;
            }

            // The stamp is the one from before reading: what is written meanwhile is read at the next request.
            _tokens = AccessTokens.Load(path, workspace, out problem);
            _stamp = stamp;
        }

        changed(problem);
        return _tokens;
    }
}
