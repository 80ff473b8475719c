using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// A file of any size that is written beside the one that it will replace. It takes its place at once and whole, or is removed.
/// Used by one thread.
/// </summary>
internal sealed class PreparedFile : IDisposable
{
    private const int ChunkSize = 256 * 1024;

    private readonly ReplaceTarget _target;
    private bool _isInPlace;

    /// <summary>Makes it, with nothing in it.</summary>
    /// <param name="path">The file to be replaced, which may be missing; its folder is there.</param>
    /// <param name="permissionsOf">The file whose permissions it gets where there is nothing to replace.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file to be replaced is read-only, or the folder is.</exception>
    public PreparedFile(SharedPath path, string permissionsOf)
    {
        _target = new ReplaceTarget(path.Resolve());
        try
        {
            var mode = _target.RefuseReadOnly();
            Handle = _target.CreateTemporary();
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Handle, mode ?? File.GetUnixFileMode(permissionsOf));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file, for as long as this is not disposed of.</summary>
    public SafeFileHandle? Handle { get; }

    /// <summary>How many bytes were written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes bytes at its end.</summary>
    public void Add(ReadOnlySpan<byte> bytes, params ReadOnlySpan<IncrementalHash> hashes)
    {
        RandomAccess.Write(Handle!, bytes, Length);
        Length += bytes.Length;
        foreach (var hash in hashes)
        {
            hash.AppendData(bytes);
        }
    }

    /// <summary>Writes a part of another file at its end.</summary>
    /// <exception cref="IOException">The other file ends before.</exception>
    public void AddPart(SafeFileHandle from, long first, long end, params ReadOnlySpan<IncrementalHash> hashes)
    {
        var buffer = new byte[Math.Clamp(end - first, 1, ChunkSize)];
        while (first < end)
        {
            var read = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - first)), first);
            if (read == 0)
            {
                throw new IOException("the file became shorter while it was read");
            }

            Add(buffer.AsSpan(0, read), hashes);
            first += read;
        }
    }

    /// <summary>Waits until its bytes are on disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(Handle!);

    /// <summary>Puts it in its place, and waits until that is on disk.</summary>
    public void Replace()
    {
        _target.Rename();
        _isInPlace = true;
        _target.FlushFolder();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle?.Dispose();
        if (!_isInPlace)
        {
            _target.TryDelete();
        }

        _target.Dispose();
    }
}
