using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// Puts an export into a workspace, while servers work with it: what is recorded in the place of what was, each file in the place of the
/// one of its name, and all other files stay. What is recorded goes first and in one step, so that no schedule of the export is due before
/// its ledger is there. A file that is replaced is kept, and is there at every moment, as it was or as it comes. It can be repeated after a
/// crash.
/// </summary>
internal sealed class WorkspaceImport(WorkspacePaths paths, IStateTransfer state, TimeProvider time)
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>Unpacks an export beside the workspace and looks at it; nothing of the workspace is changed.</summary>
    /// <exception cref="UserErrorException">
    /// It is no export, is damaged, is of a newer version, or a link of this workspace leads one of its files elsewhere.
    /// </exception>
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
                    .Unpacked.Where(one => IsAnother(TargetOf(one.Key), one.Value))
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

        // What runs still owe to files is written by a server as soon as their rows are here: to the files that come, and not to those that
        // they replace.
        using var finishing = await FileLock.AcquireAsync(paths.FinishLock, cancellationToken: cancellationToken);
        if (plan.Database is { } database)
        {
            var now = time.GetUtcNow();
            await state.ReplaceAsync(database, plan.ExportedAt < now ? plan.ExportedAt : now, cancellationToken);
        }

        try
        {
            // The locks of files that people share are taken last, and each for its own files only.
            var byLock = plan
                .Unpacked.GroupBy(file => MovedFiles.LockOf(paths, file.Key), StringComparer.Ordinal)
                .OrderBy(static group => group.Key is not null);
            foreach (var together in byLock)
            {
                using var held = together.Key is null
                    ? null
                    : await FileLock.AcquireAsync(together.Key, cancellationToken: cancellationToken);
                foreach (var (name, unpacked) in together)
                {
                    Put(unpacked, name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserErrorException)
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
        if (!OperatingSystem.IsWindows())
        {
            // An archive may say anything; its user can always read and write what comes out of it, and nobody becomes another by it.
            File.SetUnixFileMode(unpacked, (File.GetUnixFileMode(unpacked) & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (isDatabase)
        {
            plan.Database = unpacked;
        }
        else if (!plan.Unpacked.TryAdd(entry.Name, unpacked))
        {
            throw new InvalidDataException($"{entry.Name} is there twice");
        }
    }

    private void Put(string unpacked, string name)
    {
        var path = MovedFiles.PathOf(paths, name)!;
        if (MovedFiles.IsShared(name))
        {
            GuardedFolder.CreateShared(paths.Root, Path.GetDirectoryName(path)!);
        }
        else
        {
            GuardedFolder.Create(Path.GetDirectoryName(path)!);
        }

        var target = TargetOf(name);
        if (!Path.Exists(target.FullPath) || IsAnother(target, unpacked))
        {
            DurableFile.ReplaceByCopy(target, unpacked, () => Keep(target, path));
        }
    }

    // A link of its user's stays one: what it leads to is replaced. Where it leads out of the workspace, nothing is.
    private GuardedPath TargetOf(string name)
    {
        var path = MovedFiles.PathOf(paths, name)!;
        WorkspaceBounds.Check(paths, path);
        return new SharedPath(paths, path, long.MaxValue).Resolve();
    }

    private void Keep(GuardedPath target, string path)
    {
        if (Path.Exists(target.FullPath))
        {
            using var replaced = new FileStream(GuardedFile.Open(target, FileMode.Open, FileAccess.Read), FileAccess.Read);
            SetAside.KeepCopy(paths, path, replaced, time.GetUtcNow());
        }
    }

    private static bool IsAnother(GuardedPath path, string unpacked)
    {
        if (!Path.Exists(path.FullPath))
        {
            return false;
        }

        using var there = new FileStream(GuardedFile.Open(path, FileMode.Open, FileAccess.Read), FileAccess.Read);
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
