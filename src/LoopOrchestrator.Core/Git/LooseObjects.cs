using System.Globalization;
using System.IO.Compression;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Writes small objects into a repository as git does, each whole or not at all and on disk, and starts no process for it. What an object
/// refers to is not checked: whoever writes one has just seen that it is there.
/// </summary>
/// <param name="folder">The repository's objects, absolute.</param>
internal sealed class LooseObjects(string folder)
{
    private const UnixFileMode AllRead = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes one.</summary>
    /// <param name="kind">Such as <c>blob</c>.</param>
    /// <param name="content">Its content, as git stores it.</param>
    /// <param name="like">Any id of the repository.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public string Write(string kind, ReadOnlySpan<byte> content, string like)
    {
        var id = ObjectId.Of(kind, content, like);
        var place = Path.Combine(folder, id[..2]);
        CreateFolder(place);

        // Git's own clean-up knows this name, for the case that we are ended.
        var temporary = Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"tmp_obj_{Random.Shared.NextInt64():x}"));
        try
        {
            using (var file = new FileStream(GuardedFile.Open(temporary, FileMode.CreateNew, FileAccess.Write), FileAccess.Write))
            {
                using (var packed = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true))
                {
                    packed.Write(ObjectId.Head(kind, content.Length));
                    packed.Write(content);
                }

                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(file.SafeFileHandle) & AllRead);
                }

                file.Flush(flushToDisk: true);
            }

            // One that is there has the same content. Written anew it is young, and git's clean-up leaves it alone.
            GuardedFile.Move(temporary, Path.Combine(place, id[2..]), overwrite: true);
            return id;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            GuardedFile.Delete(temporary);
            throw;
        }
    }

    // For those who may use the repository: git gives all folders of objects the permissions of the one that they are in.
    private void CreateFolder(string place)
    {
        if (Directory.Exists(place))
        {
            return;
        }

        GuardedFolder.Create(place);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(place, File.GetUnixFileMode(folder));
        }
    }
}
