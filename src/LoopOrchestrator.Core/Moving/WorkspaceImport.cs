using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// Puts an export in the place of what a workspace has, while servers work with it. What is recorded goes first and in one step, so that no
/// schedule of the export is due before its ledger is there; what was in the place of a file is kept. It can be repeated after a crash.
/// </summary>
internal sealed class WorkspaceImport(WorkspacePaths paths, IStateTransfer state, TimeProvider time)
{
    /// <summary>Unpacks an export beside the workspace and looks at it; nothing of the workspace is changed.</summary>
    /// <exception cref="UserErrorException">It is no export, is damaged, or is of a newer version.</exception>
    public async Task<ImportPlan> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var folder = new UnpackedFolder();
        try
        {
            var plan = Unpack(file, folder, cancellationToken);
            plan.State = plan.Database is null ? null : state.Prepare(plan.Database);
            plan.Replaced = Path.Exists(paths.Database) ? await state.CountAsync(cancellationToken) : null;
            plan.ReplacedFiles =
            [
                .. plan
                    .Unpacked.Where(one => MovedFiles.IsShared(one.Key) && IsAnother(MovedFiles.PathOf(paths, one.Key)!, one.Value))
                    .Select(one => paths.Display(MovedFiles.PathOf(paths, one.Key)!))
                    .Order(StringComparer.Ordinal),
            ];
            return plan;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException or InvalidDataException)
        {
            folder.Dispose();
            throw new UserErrorException($"{file} cannot be read as an export ({exception.Message}). Nothing was changed.", exception);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Puts it in place. When this returns, it is on disk.</summary>
    /// <exception cref="UserErrorException">
    /// A run is going on here, which changes nothing; or a file cannot be written, after which the import can be repeated.
    /// </exception>
    public async Task ApplyAsync(ImportPlan plan, CancellationToken cancellationToken)
    {
        StateFolder.Ensure(paths);
        if (plan.Database is { } database)
        {
            var now = time.GetUtcNow();
            await state.ReplaceAsync(database, plan.ExportedAt < now ? plan.ExportedAt : now, cancellationToken);
        }

        try
        {
            foreach (var (name, unpacked) in plan.Unpacked.Where(static file => !MovedFiles.IsShared(file.Key)))
            {
                var path = MovedFiles.PathOf(paths, name)!;
                GuardedFolder.Create(Path.GetDirectoryName(path)!);
                Put(unpacked, path);
            }

            using (await FileLock.AcquireAsync(TimingLog.LockPath(paths), cancellationToken: cancellationToken))
            {
                foreach (var (name, unpacked) in plan.Unpacked.Where(static file => MovedFiles.IsTiming(file.Key)))
                {
                    PutShared(unpacked, MovedFiles.PathOf(paths, name)!);
                }
            }

            foreach (
                var (name, unpacked) in plan.Unpacked.Where(static file => MovedFiles.IsShared(file.Key) && !MovedFiles.IsTiming(file.Key))
            )
            {
                var path = MovedFiles.PathOf(paths, name)!;
                using var held = await FileLock.AcquireAsync(
                    Path.Combine(paths.Locks, Path.GetFileName(path) + ".lock"),
                    cancellationToken: cancellationToken
                );
                PutShared(unpacked, path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"What was recorded is imported, and a file could not be written ({exception.Message}). Make room or give the right, then "
                    + "import once more with --replace.",
                exception
            );
        }
    }

    private ImportPlan Unpack(string file, UnpackedFolder folder, CancellationToken cancellationToken)
    {
        using var packed = new GZipStream(
            new FileStream(GuardedFile.OpenRead(file), FileAccess.Read),
            CompressionMode.Decompress,
            leaveOpen: false
        );
        using var archive = new TarReader(packed);
        var first = archive.GetNextEntry();
        if (first is not { Name: ExportManifest.Name, DataStream: { } content })
        {
            throw new InvalidDataException($"it does not begin with {ExportManifest.Name}");
        }

        var manifest = JsonSerializer.Deserialize(content, ExportJson.Default.ExportManifest);
        if (manifest is not { Format: >= 1, Workspace: not null })
        {
            throw new InvalidDataException($"{ExportManifest.Name} says no format");
        }

        if (manifest.Format > ExportManifest.Newest)
        {
            throw new UserErrorException(
                $"{file} has format {manifest.Format} and this program knows {ExportManifest.Newest}: it was written by a newer version. "
                    + "Nothing was changed; use that version."
            );
        }

        var plan = new ImportPlan(folder, manifest);
        while (archive.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Unpack(plan, folder, entry);
        }

        return plan;
    }

    // Nothing in an archive decides where it is unpacked: each file gets a number, and its name is looked up when it is put in place.
    private void Unpack(ImportPlan plan, UnpackedFolder folder, TarEntry entry)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw new InvalidDataException($"{entry.Name} is no file");
        }

        var isDatabase = entry.Name == MovedFiles.Database;
        if ((isDatabase && plan.Database is not null) || (!isDatabase && MovedFiles.PathOf(paths, entry.Name) is null))
        {
            throw new InvalidDataException($"{entry.Name} does not belong into an export");
        }

        var unpacked = folder.Next();
        entry.ExtractToFile(unpacked, overwrite: false);
        if (isDatabase)
        {
            plan.Database = unpacked;
        }
        else if (!plan.Unpacked.TryAdd(entry.Name, unpacked))
        {
            throw new InvalidDataException($"{entry.Name} is there twice");
        }
    }

    private void PutShared(string unpacked, string path)
    {
        WorkspaceBounds.Check(paths, path);
        if (!Path.Exists(path))
        {
            GuardedFolder.CreateBelow(paths.Root, Path.GetDirectoryName(path)!);
            Put(unpacked, path);
            return;
        }

        if (IsAnother(path, unpacked))
        {
            SetAside.Keep(paths, path, time.GetUtcNow());
            Put(unpacked, path);
        }
    }

    private static void Put(string unpacked, string path)
    {
        var part = path + ".import";
        GuardedFile.Delete(part);
        GuardedFile.Copy(unpacked, part);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(part, File.GetUnixFileMode(unpacked));
        }

        using (var written = GuardedFile.Open(part, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(written);
        }

        GuardedFile.Move(part, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }

    private bool IsAnother(string path, string unpacked)
    {
        if (!Path.Exists(path))
        {
            return false;
        }

        using var there = new FileStream(new SharedPath(paths, path, long.MaxValue).OpenRead(), FileAccess.Read);
        using var come = new FileStream(GuardedFile.OpenRead(unpacked), FileAccess.Read);
        if (there.Length != come.Length)
        {
            return true;
        }

        Span<byte> left = new byte[64 * 1024];
        Span<byte> right = new byte[64 * 1024];
        int count;
        while ((count = there.ReadAtLeast(left, left.Length, throwOnEndOfStream: false)) > 0)
        {
            if (come.ReadAtLeast(right[..count], count, throwOnEndOfStream: false) != count || !left[..count].SequenceEqual(right[..count]))
            {
                return true;
            }
        }

        return false;
    }
}
