namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>
/// The least that a group commit does: callers hand in a row and wait, one of them waits for the others, writes all rows in one piece,
/// syncs
/// it and tells them. No lock for other processes, no note for a crash, no look at what the file holds, no row to compose.
/// </summary>
internal sealed class BareGroupCommit(string path, byte[] row, int callers) : IDisposable
{
    // All that come back within a moment are waited for; at the end of a turn not all do.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    private readonly Lock _gate = new();
    private List<TaskCompletionSource> _queue = [];
    private bool _leading;
    private long _length;

    public Task AppendAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _queue.Add(done);
            if (!_leading)
            {
                _leading = true;
                _ = Task.Run(LeadAsync);
            }
        }

        return done.Task;
    }

    public void Dispose() => _file.Dispose();

    private async Task LeadAsync()
    {
        while (await GatherAsync() is { Count: > 0 } batch)
        {
            var piece = new byte[batch.Count * row.Length];
            for (var index = 0; index < batch.Count; index++)
            {
                row.CopyTo(piece, index * row.Length);
            }

            RandomAccess.Write(_file, piece, _length);
            RandomAccess.FlushToDisk(_file);
            _length += piece.Length;
            batch.ForEach(static done => done.SetResult());
        }
    }

    private async Task<List<TaskCompletionSource>> GatherAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            lock (_gate)
            {
                if (_queue.Count == callers || TimeProvider.System.GetElapsedTime(started) > Patience)
                {
                    var batch = _queue;
                    _queue = [];
                    _leading = batch.Count > 0;
                    return batch;
                }
            }

            await Task.Yield();
        }
    }
}
