using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// Writes a whole workspace into one file, a tar archive under gzip, while servers work with it: the database as it is at one moment, then
/// the files, none of them with half a row at its end.
/// </summary>
internal sealed class WorkspaceExport(WorkspacePaths paths, IStateTransfer state, TimeProvider time)
{
    /// <summary>Writes it. When this returns, it is on disk.</summary>
    /// <param name="file">The file, absolute; there must be none.</param>
    /// <param name="cancellationToken">Ends it, and leaves nothing.</param>
    /// <exception cref="UserErrorException">It cannot be written, or a file of the workspace cannot be read.</exception>
    public async Task<ExportedWorkspace> WriteAsync(string file, CancellationToken cancellationToken)
    {
        if (Path.Exists(file))
        {
            throw new UserErrorException($"{file} is there already, and is not replaced. Name another file.");
        }

        using var scratch = new UnpackedFolder();
        string? part = null;
        try
        {
            var recorded = await CopyStateAsync(scratch, cancellationToken);
            var timing = await CopyTimingAsync(scratch, cancellationToken);
            var files = timing.Count;

            // Its own name, which nobody else has: what somebody has lying there is not ours to write over, nor to remove.
            var name = $"{file}.{Random.Shared.NextInt64():x}.part";
            await using (var output = new FileStream(GuardedFile.Open(name, FileMode.CreateNew, FileAccess.Write), FileAccess.Write))
            {
                part = name;
                if (!OperatingSystem.IsWindows())
                {
                    // It holds what runs have printed.
                    File.SetUnixFileMode(output.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                await using (var packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
                await using (var archive = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
                {
                    Add(archive, ExportManifest.Name, new MemoryStream(Manifest()), DateTimeOffset.UnixEpoch, path: null);
                    if (recorded is { } copy)
                    {
                        AddFile(archive, MovedFiles.Database, copy.Path);
                    }

                    foreach (var one in timing)
                    {
                        AddFile(archive, one.Name, one.Path);
                    }

                    files += AddFiles(archive, cancellationToken);
                }

                output.Flush(flushToDisk: true);
            }

            GuardedFile.Move(name, file);
            part = null;
            DirectorySync.Flush(Path.GetDirectoryName(file)!);
            return new ExportedWorkspace(file, new FileInfo(file).Length, files, recorded?.State);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The export could not be written ({exception.Message}); there is none.", exception);
        }
        finally
        {
            if (part is not null)
            {
                GuardedFile.Delete(part);
            }
        }
    }

    private async Task<(string Path, TransferredState State)?> CopyStateAsync(UnpackedFolder scratch, CancellationToken cancellationToken)
    {
        if (!Path.Exists(paths.Database))
        {
            return null;
        }

        var copy = scratch.Next();
        await state.CopyAsync(copy, cancellationToken);
        return (copy, state.Prepare(copy));
    }

    // Whoever writes a row waits meanwhile, and so does whoever moves a month that is over: for as long as a copy takes, and not for as
    // long as it takes to compress it.
    private async Task<List<MovedFile>> CopyTimingAsync(UnpackedFolder scratch, CancellationToken cancellationToken)
    {
        var copies = new List<MovedFile>();
        if (!TimingFiles().Any())
        {
            return copies;
        }

        StateFolder.Ensure(paths);
        using var held = await FileLock.AcquireAsync(TimingLog.LockPath(paths), cancellationToken: cancellationToken);
        foreach (var (name, path) in TimingFiles())
        {
            var copy = scratch.Next();
            using (var from = Open(name, path))
            using (var to = new FileStream(GuardedFile.Open(copy, FileMode.CreateNew, FileAccess.Write), FileAccess.Write))
            {
                from.CopyTo(to);
            }

            File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(copy, File.GetUnixFileMode(path) | UnixFileMode.UserRead);
            }

            copies.Add(new MovedFile(name, copy));
        }

        return copies;
    }

    private IEnumerable<MovedFile> TimingFiles() => MovedFiles.Of(paths).Where(static file => MovedFiles.IsTiming(file.Name));

    private int AddFiles(TarWriter archive, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var (name, path) in MovedFiles.Of(paths).Where(static file => !MovedFiles.IsTiming(file.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                AddFile(archive, name, path);
                count++;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // An old run's folder is removed at any time.
            }
        }

        return count;
    }

    private void AddFile(TarWriter archive, string name, string path)
    {
        using var file = Open(name, path);
        using var beginning = new BeginningStream(file, file.Length);
        Add(archive, name, beginning, new DateTimeOffset(File.GetLastWriteTimeUtc(path)), path);
    }

    // A file of the workspace as its user knows it, or a copy of one.
    private FileStream Open(string name, string path) =>
        new(
            MovedFiles.IsShared(name) ? new SharedPath(paths, path, long.MaxValue).OpenRead() : GuardedFile.OpenRead(path),
            FileAccess.Read
        );

    private static void Add(TarWriter archive, string name, Stream content, DateTimeOffset changed, string? path)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = changed };
        if (path is not null && !OperatingSystem.IsWindows())
        {
            entry.Mode = File.GetUnixFileMode(path);
        }

        archive.WriteEntry(entry);
    }

    private byte[] Manifest() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new ExportManifest(ExportManifest.Newest, paths.Root, time.GetUtcNow()),
            ExportJson.Default.ExportManifest
        );
}
