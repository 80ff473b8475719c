using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// Durable appends to one shared text file. When <see cref="AppendAsync"/> returns, the bytes are on disk; appends of several
/// callers in this process that come together share one sync (group commit), and processes take turns by a <see cref="FileLock"/>.
/// An instance is safe for use by many threads; have one per file and process, else the sharing is lost (never the safety).
/// </summary>
/// <remarks>
/// A process that dies while it writes may leave the beginning of a record. So the intended bytes are noted in the lock file first;
/// the next holder finds the note and, if the file ends in a true beginning of them and nothing else followed, takes that beginning
/// away. It was never acknowledged, and nobody else's bytes are touched.
/// </remarks>
public sealed class AppendFile
{
    private readonly string _path;
    private readonly string _lockPath;
    private readonly Action _ensureFolders;
    private readonly Lock _gate = new();
    private List<Pending> _queue = [];
    private bool _leading;

    /// <summary>Prepares appends; nothing is opened or created yet.</summary>
    /// <param name="path">The file to append to; created by the first append.</param>
    /// <param name="lockPath">The lock file that all processes use for it.</param>
    /// <param name="ensureFolders">Called before the lock is taken, to create the lock's folder.</param>
    public AppendFile(string path, string lockPath, Action ensureFolders)
    {
        _path = path;
        _lockPath = lockPath;
        _ensureFolders = ensureFolders;
    }

    /// <summary>Appends the text that <paramref name="compose"/> returns, as whole lines.</summary>
    /// <param name="compose">
    /// Called under the lock. It returns text that ends with a line end, or nothing to append nothing, or throws to refuse the record: the error goes to its caller
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

    private async Task LeadAsync()
    {
        while (true)
        {
            List<Pending> batch;
            try
            {
                _ensureFolders();
                using var fileLock = await FileLock.AcquireAsync(_lockPath);
                batch = TakeQueue();
                Write(fileLock, batch);
            }
            catch (Exception exception)
            {
                batch = TakeQueue();
                var error = exception as UserErrorException ?? Failed(exception);
                batch.ForEach(pending => pending.Done.TrySetException(error));
            }

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

    private List<Pending> TakeQueue()
    {
        lock (_gate)
        {
            var batch = _queue;
            _queue = [];
            return batch;
        }
    }

    private void Write(FileLock fileLock, List<Pending> batch)
    {
        try
        {
            SpecialFile.Refuse(_path);
            var isNew = !File.Exists(_path);
            using (var file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
            {
                AppendNote.Settle(fileLock.Handle, file);
                AppendMode.Set(file);
                var before = RandomAccess.GetLength(file);
                var bytes = Compose(file, before, batch);
                if (bytes.Length > 0)
                {
                    AppendNote.Leave(fileLock.Handle, before, bytes);
                    WriteThrough(file, before, bytes);
                    AppendNote.Clear(fileLock.Handle);
                }
            }

            if (isNew)
            {
                DirectorySync.Flush(Path.GetDirectoryName(_path)!);
            }

            batch.ForEach(pending => pending.Done.TrySetResult());
        }
        catch (Exception exception)
        {
            var error = exception as UserErrorException ?? Failed(exception);
            batch.ForEach(pending => pending.Done.TrySetException(error));
        }
    }

    private static void WriteThrough(SafeFileHandle file, long offset, byte[] bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
            RandomAccess.FlushToDisk(file);
        }
        catch
        {
            AppendNote.TakeBack(file, offset, bytes);
            throw;
        }
    }

    private byte[] Compose(SafeFileHandle file, long length, List<Pending> batch)
    {
        Span<byte> head = stackalloc byte[2];
        if (RandomAccess.Read(file, head, 0) == 2 && (head is [0xFF, 0xFE] or [0xFE, 0xFF]))
        {
            throw new UserErrorException(
                $"{_path} is in UTF-16 and rows are appended in UTF-8; nothing was written. Save the file as UTF-8, for example from an editor, and repeat the call.");
        }

        var lineEnd = LastLineEnd(file, length);
        var isEmpty = length == 0 || (length == 3 && HasUtf8Mark(file));
        var prefix = isEmpty || EndsWithNewline(file, length) ? "" : lineEnd;
        var text = new StringBuilder();
        foreach (var pending in batch)
        {
            try
            {
                var record = pending.Compose(new AppendContext(isEmpty && text.Length == 0, lineEnd, length, text.Length == 0));
                text.Append(text.Length == 0 && record.Length > 0 ? prefix : "").Append(record);
            }
            catch (Exception exception)
            {
                // Set here, so that success at the end passes this record by.
                pending.Done.TrySetException(exception as UserErrorException ?? Failed(exception));
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool HasUtf8Mark(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[3];
        return RandomAccess.Read(file, head, 0) == 3 && head is [0xEF, 0xBB, 0xBF];
    }

    private static bool EndsWithNewline(SafeFileHandle file, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, length - 1) == 1 && last[0] == (byte)'\n';
    }

    private static string LastLineEnd(SafeFileHandle file, long length)
    {
        Span<byte> tail = stackalloc byte[4096];
        var start = Math.Max(0, length - tail.Length);
        tail = tail[..RandomAccess.Read(file, tail, start)];
        var newline = tail.LastIndexOf((byte)'\n');
        return newline > 0 && tail[newline - 1] == (byte)'\r' ? "\r\n" : "\n";
    }

    private UserErrorException Failed(Exception exception) => new(
        $"{_path} could not be appended to ({exception.Message}); nothing was recorded. Check permissions and free space, then repeat the call.", exception);

    private sealed record Pending(Func<AppendContext, string> Compose)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
