using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Durable appends to one shared text file. When <see cref="AppendAsync(Func{AppendContext, string}, CancellationToken)"/> returns, the
/// bytes are on disk; appends of several
/// callers in this process that come together share one sync (group commit), and processes take turns by a <see cref="FileLock"/>.
/// An instance is safe for use by many threads; have one per file and process, else the sharing is lost (never the safety).
/// </summary>
/// <remarks>
/// A process that dies while it writes may leave the beginning of a record. So the intended bytes are noted in the lock file first;
/// the next holder finds the note and, if the file ends in a true beginning of them and nothing else followed, takes that beginning
/// away. It was never acknowledged, and nobody else's bytes are touched.
/// </remarks>
internal sealed class AppendFile
{
    // So many batches one after the other, then other processes get a chance to take the lock.
    private const int BatchesPerHold = 32;

    // The callers of one batch come back for the next within this share of the time that a batch takes, or are not waited for.
    private const double GatheringShare = 1;

    // A disk that stood still for a minute is no reason to keep others waiting for another one.
    private static readonly TimeSpan MaxGathering = TimeSpan.FromMilliseconds(50);

    private readonly SharedPath _path;
    private readonly string _lockPath;
    private readonly Action _ensureFolders;
    private readonly Action<long> _written;

    // Waiting here is physical, whatever clock the product runs on.
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private List<Pending> _queue = [];
    private bool _leading;

    /// <summary>Prepares appends; nothing is opened or created yet.</summary>
    /// <param name="path">The file to append to; created by the first append.</param>
    /// <param name="lockPath">The lock file that all processes use for it.</param>
    /// <param name="ensureFolders">
    /// Called before the lock is taken, to create the lock's folder, and before the file is opened; throws where it may not be written.
    /// </param>
    /// <param name="written">
    /// Called under the lock when a batch is on disk and acknowledged, with the length of the file then: the place for work that nobody
    /// need wait for. It does not throw.
    /// </param>
    public AppendFile(SharedPath path, string lockPath, Action ensureFolders, Action<long>? written = null)
        : this(path, lockPath, ensureFolders, written, TimeProvider.System) { }

    internal AppendFile(SharedPath path, string lockPath, Action ensureFolders, Action<long>? written, TimeProvider clock)
    {
        _path = path;
        _lockPath = lockPath;
        _ensureFolders = ensureFolders;
        _written = written ?? (static _ => { });
        _clock = clock;
    }

    /// <summary>Called each time when the lock was taken, before the file is opened.</summary>
    internal Action? OnLocked { get; init; }

    /// <summary>Appends the text that <paramref name="compose"/> returns, as whole lines.</summary>
    /// <param name="compose">
    /// Called under the lock. It returns text that ends with a line end, or nothing to append nothing, or throws to refuse the record: the
    /// error goes to its caller
    /// alone, and other records of the same batch are written.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; the append itself may still happen.</param>
    /// <exception cref="UserErrorException">The bytes could not be made durable; the file is as it was before.</exception>
    public Task AppendAsync(Func<AppendContext, string> compose, CancellationToken cancellationToken = default)
    {
        var pending = new Pending(compose);
        lock (_gate)
        {
            _queue.Add(pending);
            if (!_leading)
            {
                _leading = true;
                _ = Task.Run(LeadAsync, CancellationToken.None);
            }
        }

        return pending.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Appends, and gives back what was found out under the lock.</summary>
    /// <inheritdoc cref="AppendAsync(Func{AppendContext, string}, CancellationToken)"/>
    public async Task<T> AppendAsync<T>(Func<AppendContext, Appended<T>> compose, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compose);
        var result = default(T)!;
        await AppendAsync(
            context =>
            {
                (var text, result) = compose(context);
                return text;
            },
            cancellationToken
        );
        return result;
    }

    private async Task LeadAsync()
    {
        var pace = new Pace();
        while (true)
        {
            try
            {
                _ensureFolders();
                using var fileLock = await FileLock.AcquireAsync(_lockPath);
                OnLocked?.Invoke();
                using var hold = new AppendHold(_path, fileLock, _ensureFolders);
                await WriteBatchesAsync(hold, pace);
            }
            catch (Exception exception)
            {
                Fail(TakeQueue(), exception);
            }

            // With the lock given back, and before the first that returns would go on alone.
            await GatherAsync(pace);
            lock (_gate)
            {
                if (_queue.Count == 0)
                {
                    _leading = false;
                    return;
                }
            }
        }
    }

    private async Task WriteBatchesAsync(AppendHold hold, Pace pace)
    {
        for (var count = 0; count < BatchesPerHold; count++)
        {
            if (count > 0)
            {
                await GatherAsync(pace);
            }

            var batch = TakeQueue();
            if (batch.Count == 0)
            {
                return;
            }

            var started = _clock.GetTimestamp();
            Write(hold, batch, pace);
            pace.Duration = _clock.GetElapsedTime(started);
        }
    }

    // Callers that append again and again fall into two groups, each of which waits while the other is written, and every sync serves
    // only half of them. A moment's patience brings them together. Who appends alone is not waited for.
    private async Task GatherAsync(Pace pace)
    {
        if (pace.Expected <= 1)
        {
            return;
        }

        var started = _clock.GetTimestamp();
        var patience = pace.Duration * GatheringShare;
        patience = patience < MaxGathering ? patience : MaxGathering;
        while (Waiting() < pace.Expected && _clock.GetElapsedTime(started) < patience)
        {
            // Not by spinning: this thread, which is awake, goes and runs the callers that were just told.
            await Task.Yield();
        }

        pace.Expected = 0;
    }

    private int Waiting()
    {
        lock (_gate)
        {
            return _queue.Count;
        }
    }

    private void Write(AppendHold hold, List<Pending> batch, Pace pace)
    {
        try
        {
            var length = hold.Write(batch.ConvertAll(static pending => pending.Compose), (index, exception) =>
                Fail([batch[index]], exception)
            );

            // Counted before the first is told: from then on nobody knows who waits again and who waits still. Those that were refused have
            // heard it already.
            pace.Expected = Waiting() + batch.Count(static pending => !pending.Done.Task.IsCompleted);

            // Passes by those that were refused: their tasks have ended.
            batch.ForEach(static pending => pending.Done.TrySetResult());
            hold.Complete();
            _written(length);
        }
        catch (Exception exception)
        {
            Fail(batch, exception);
        }
    }

    private List<Pending> TakeQueue()
    {
        lock (_gate)
        {
            var batch = _queue;
            _queue = [];
            return batch;
        }
    }

    private void Fail(List<Pending> batch, Exception exception)
    {
        var error =
            exception as UserErrorException
            ?? new UserErrorException(
                $"{_path.FilePath} could not be appended to ({exception.Message}); nothing was recorded. Check "
                    + "permissions and free space, then repeat the call.",
                exception
            );
        batch.ForEach(pending => pending.Done.TrySetException(error));
    }

    /// <summary>
    /// What the last batch tells of the next: how many callers there may be, its own if they come back, and how long a batch takes. 0 once
    /// they were waited for.
    /// </summary>
    private sealed class Pace
    {
        public int Expected { get; set; }

        public TimeSpan Duration { get; set; }
    }

    private sealed record Pending(Func<AppendContext, string> Compose)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
