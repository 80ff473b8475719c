using System.Globalization;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// A folder that a call of git writes its new objects into, and that nobody else writes into. They come among the others once the call has
/// succeeded; what a git that was ended leaves goes with the folder, and nothing has to be guessed about files that another git may be
/// writing at the same time. Its name is one of those that git's own clean-up removes, for the case that we are ended.
/// </summary>
internal sealed class NewObjects : IDisposable
{
    private const string Packs = "pack";

    private readonly string _objects;

    /// <summary>Makes the folder.</summary>
    /// <param name="objects">The repository's objects: the same file system, and the same group where its users share it.</param>
    public NewObjects(string objects)
    {
        _objects = objects;
        Path = System.IO.Path.Combine(
            objects,
            string.Create(CultureInfo.InvariantCulture, $"tmp_objdir-loop-{Environment.ProcessId:x}-{Random.Shared.NextInt64():x}")
        );
        GuardedFolder.Create(Path);
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>Moves what is in it among the others. Called while no git writes into it.</summary>
    /// <exception cref="IOException">It could not be moved.</exception>
    public void Release()
    {
        foreach (var folder in GuardedFolder.Folders(Path).ToList())
        {
            var name = System.IO.Path.GetFileName(folder);
            if (name.Length == 2)
            {
                MoveFolder(folder, System.IO.Path.Combine(_objects, name));
            }
            else if (name == Packs)
            {
                // A pack counts from the moment that it has its index.
                Move(
                    GuardedFolder.Files(folder).OrderBy(static file => file.EndsWith(".idx", StringComparison.Ordinal)),
                    System.IO.Path.Combine(_objects, Packs)
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            GuardedFolder.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Git's own clean-up removes it in two weeks.
        }
    }

    // As a whole where there is none yet: it has the permissions that git gave it.
    private static void MoveFolder(string folder, string target)
    {
        try
        {
            if (!Directory.Exists(target))
            {
                Directory.Move(folder, target);
                return;
            }
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another git has made it in this moment.
        }

        Move(GuardedFolder.Files(folder), target);
    }

    private static void Move(IEnumerable<string> files, string target)
    {
        GuardedFolder.Create(target);
        foreach (var file in files.ToList())
        {
            var name = System.IO.Path.GetFileName(file);
            if (!name.StartsWith("tmp_", StringComparison.Ordinal))
            {
                // One that is there already has the same content.
                GuardedFile.Move(file, System.IO.Path.Combine(target, name), overwrite: true);
            }
        }
    }
}
