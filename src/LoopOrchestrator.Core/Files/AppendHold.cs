using System.Text;
using LoopOrchestrator.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// One hold of an append file's lock, in which several batches are written one after the other. The file stays open between them;
/// before each it is made sure that its path still leads to it. Used by one thread at a time.
/// </summary>
/// <param name="path">The file; created when missing.</param>
/// <param name="fileLock">The lock, held by the caller for as long as this is used.</param>
/// <param name="check">Called each time before the file is opened; throws where it may not be written.</param>
internal sealed class AppendHold(SharedPath path, FileLock fileLock, Action check) : IDisposable
{
    private SafeFileHandle? _file;
    private UInt128? _identity;
    private bool _leftNote;

    // How the file ends, as long as its length is what our own last batch made it.
    private long _endingAt = -1;
    private string _lineEnd = "\n";

    /// <summary>Writes the records as one piece and syncs it once.</summary>
    /// <param name="records">Each composes its text, or throws to refuse itself alone.</param>
    /// <param name="refused">Called with the record that was refused, and why; it is left out.</param>
    /// <returns>The length of the file now.</returns>
    /// <exception cref="Exception">Nothing was written; the file is as it was.</exception>
    public long Write(IReadOnlyList<Func<AppendContext, string>> records, Action<int, Exception> refused)
    {
        var isNew = false;
        if (_file is null || _identity is null || SpecialFile.Identity(path.FilePath) != _identity)
        {
            isNew = Open();
        }

        var before = RandomAccess.GetLength(_file!);
        var bytes = Compose(_file!, before, records, refused);
        if (bytes.Length > 0)
        {
            AppendNote.Leave(fileLock.Handle, before, bytes);
            _leftNote = true;
            WriteThrough(_file!, before, bytes);
            _endingAt = before + bytes.Length;
        }

        if (isNew)
        {
            DirectorySync.Flush(Path.GetDirectoryName(path.FilePath)!);
        }

        return before + bytes.Length;
    }

    /// <summary>
    /// Says that what was written is complete: nobody takes a beginning of it away any more. Needed before the next batch at the latest, so
    /// callers are told first.
    /// </summary>
    public void Complete()
    {
        if (_leftNote)
        {
            AppendNote.Void(fileLock.Handle);
        }
    }

    /// <summary>Closes the file; the lock is left to its holder.</summary>
    public void Dispose()
    {
        if (_leftNote)
        {
            AppendNote.Clear(fileLock.Handle);
        }

        _file?.Dispose();
    }

    private bool Open()
    {
        _file?.Dispose();
        _file = null;
        _identity = null;
        _endingAt = -1;
        check();
        var isNew = !File.Exists(path.FilePath);
        _file = path.OpenToAppend();
        AppendNote.RecoverTornAppend(fileLock.Handle, _file);
        AppendMode.Set(_file);
        _identity = SpecialFile.Identity(_file);
        return isNew;
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

    private byte[] Compose(
        SafeFileHandle file,
        long length,
        IReadOnlyList<Func<AppendContext, string>> records,
        Action<int, Exception> refused
    )
    {
        var (isEmpty, isComplete) = (false, true);
        if (length != _endingAt)
        {
            (isEmpty, isComplete) = InspectTail(file, length);
        }

        var prefix = isEmpty || isComplete ? "" : _lineEnd;
        var text = new StringBuilder();
        for (var index = 0; index < records.Count; index++)
        {
            try
            {
                var record = records[index](new AppendContext(isEmpty && text.Length == 0, _lineEnd, length, text.Length == 0));
                text.Append(text.Length == 0 && record.Length > 0 ? prefix : "").Append(record);
            }
            catch (Exception exception)
            {
                refused(index, exception);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private (bool IsEmpty, bool IsComplete) InspectTail(SafeFileHandle file, long length)
    {
        Span<byte> head = stackalloc byte[3];
        head = head[..RandomAccess.Read(file, head, 0)];
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new UserErrorException(
                $"{path.FilePath} is in UTF-16 and rows are appended in UTF-8; nothing was written. Save the file as "
                    + "UTF-8, for example from an editor, and repeat the call."
            );
        }

        (_lineEnd, var isComplete) = Ending(file, length);
        return (length == 0 || (length == 3 && head is [0xEF, 0xBB, 0xBF]), isComplete);
    }

    private static (string LineEnd, bool IsComplete) Ending(SafeFileHandle file, long length)
    {
        Span<byte> tail = stackalloc byte[4096];
        tail = tail[..RandomAccess.Read(file, tail, Math.Max(0, length - tail.Length))];
        var newline = tail.LastIndexOf((byte)'\n');
        return (newline > 0 && tail[newline - 1] == (byte)'\r' ? "\r\n" : "\n", tail.Length > 0 && newline == tail.Length - 1);
    }
}
