using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Clients;

/// <summary>Writes changes of clients' files, with a backup and a record of each.</summary>
/// <param name="records">Where both are kept.</param>
/// <param name="workspace">The workspace, outside of which no file of a project is written.</param>
internal sealed class ClientChangeWriter(ClientRecords records, WorkspacePaths workspace)
{
    /// <summary>Writes one; it is on disk when this returns.</summary>
    /// <exception cref="UserErrorException">The file was changed since the change was planned; it is as it was.</exception>
    /// <exception cref="IOException">It cannot be written; it is as it was.</exception>
    public void Write(ClientChange change)
    {
        var real = ClientFiles.Real(change.File);
        var known = records.Find(real);
        if (change.Before is { } before)
        {
            change.Backup = records.Keep(real, before, except: known?.Original);
        }

        if (change.Record is { } record)
        {
            records.Save(
                record.Original == ClientRecord.Pending
                    ? record with
                    {
                        Original = Path.GetFileName(change.Backup),
                        OriginalDigest = ClientRecords.DigestOf(change.Before),
                    }
                    : record
            );
        }

        if (change.After is { } after)
        {
            try
            {
                MakeFolder(change.File);
                DurableFile.Replace(change.File, after, () => CheckUnchanged(change));
            }
            catch when (change.Record is not null && known is not null)
            {
                // The file is what the record before says of it.
                records.Save(known);
                throw;
            }
        }
        else
        {
            CheckUnchanged(change);
            GuardedFile.Delete(real);
            foreach (var folder in known?.Folders ?? [])
            {
                TryRemoveEmpty(folder);
            }
        }

        if (change.Record is null)
        {
            records.Drop(real);
        }
    }

    private static void CheckUnchanged(ClientChange change)
    {
        var now = ClientFiles.ReadBytes(change.File);
        if (now is null ? change.Before is not null : !now.AsSpan().SequenceEqual(change.Before) || change.Before is null)
        {
            throw new UserErrorException(
                $"{change.Path} was changed by another program at this moment, perhaps by its client; nothing was written. Call this again."
            );
        }
    }

    private void MakeFolder(SharedPath file)
    {
        var folder = Path.GetDirectoryName(ClientFiles.Real(file))!;
        if (file.FilePath.StartsWith(workspace.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            GuardedFolder.CreateShared(workspace.Root, folder);
        }
        else
        {
            GuardedFolder.Create(folder);
        }
    }

    private static void TryRemoveEmpty(string folder)
    {
        try
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An empty folder that stays harms nobody.
        }
    }
}
