namespace LoopOrchestrator.Core.Files;

/// <summary>
/// What a file means, read again only when the file changed on disk (its path, length, write time or identity of content).
/// When it becomes unreadable or broken, the last good meaning stays in force and the error is told beside it. Safe for many threads.
/// </summary>
/// <param name="candidates">Where the file may be; the first that exists counts.</param>
/// <param name="parse">
/// Turns its path and content into a meaning and says whether that is good enough to be in force; content is <see langword="null"/> when
/// there is no file.
/// </param>
/// <param name="beside">What its meaning depends on beside its content: with another object it is read again.</param>
internal sealed class CachedFile<T>(
    IReadOnlyList<SharedPath> candidates,
    Func<string, byte[]?, (T Value, bool IsGood)> parse,
    Func<object>? beside = null
)
    where T : class
{
    private readonly Lock _gate = new();
    private (SharedPath Path, bool Exists, DateTime Written, long Length)? _stamp;
    private object? _beside;
    private T? _good;
    private T? _latest;
    private string? _error;

    /// <summary>
    /// The meaning in force, the latest reading (the same unless that is broken), and why the file could not be read, if so.
    /// </summary>
    public (T InForce, T Latest, string? ReadError) Current
    {
        get
        {
            lock (_gate)
            {
                var stamp = Stamp();
                var now = beside?.Invoke();
                if (stamp != _stamp || !ReferenceEquals(now, _beside))
                {
                    _beside = now;
                    Read(stamp);
                }

                return (_good!, _latest!, _error);
            }
        }
    }

    /// <summary>The file that counts now.</summary>
    public string FilePath => Stamp().Path.FilePath;

    private void Read((SharedPath Path, bool Exists, DateTime Written, long Length) stamp)
    {
        try
        {
            var (value, isGood) = parse(stamp.Path.FilePath, stamp.Path.ReadOrNull());
            _latest = value;
            _good = isGood || _good is null ? value : _good;
            _error = null;
            _stamp = stamp;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not stamped: the next look tries again, also when the very file read before comes back.
            _stamp = null;
            _error = exception.Message;
            _latest ??= parse(stamp.Path.FilePath, null).Value;
            _good ??= _latest;
        }
    }

    private (SharedPath Path, bool Exists, DateTime Written, long Length) Stamp()
    {
        foreach (var candidate in candidates)
        {
            var info = new FileInfo(candidate.FilePath);
            if (info.Exists)
            {
                return (candidate, true, info.LastWriteTimeUtc, info.Length);
            }
        }

        return (candidates[0], Directory.Exists(candidates[0].FilePath), default, 0);
    }
}
