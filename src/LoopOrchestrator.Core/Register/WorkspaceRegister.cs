using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Register;

/// <summary>
/// The names that a user has given workspaces: one file of theirs, outside every workspace, that several processes change. It says nothing
/// of trust, and nothing is written into a workspace.
/// </summary>
/// <param name="file">The file, absolute; it may be absent.</param>
public sealed class WorkspaceRegister(string file)
{
    // Thousands of workspaces; a file beyond that is none of ours.
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The user's own register, beside the record of trust.</summary>
    public static string DefaultFile => Path.Combine(Path.GetDirectoryName(WorkspaceTrust.DefaultRecordFile)!, "workspaces.json");

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>What is registered, in the order in which it was.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyList<RegisteredWorkspace> All()
    {
        try
        {
            return Parse(DurableFile.ReadOrNull(file, MaxBytes)).Workspaces;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The register of workspaces {file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The workspace of a name.</summary>
    /// <param name="name">The name, in any case of its letters.</param>
    /// <returns><see langword="null"/> where nothing is registered under it.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or is damaged.</exception>
    public RegisteredWorkspace? Find(string name) => All().FirstOrDefault(one => WorkspaceName.Same(one.Name, name));

    /// <summary>Why nothing is found under a name, with the one that was probably meant.</summary>
    /// <param name="name">A name that is not registered.</param>
    /// <returns><see langword="null"/> while nothing is registered at all.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or is damaged.</exception>
    public string? ExplainUnknown(string name)
    {
        List<string> names = [.. All().Select(static one => one.Name)];
        return names.Count == 0 ? null
            : NearestName.Find(name, names) is { } nearest ? $"no workspace is registered as '{name}'; did you mean '{nearest}'?"
            : $"no workspace is registered as '{name}'; 'loop-orchestrator workspace list' names those that are.";
    }

    /// <summary>Registers a workspace.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">Its folder, absolute.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait for another change.</param>
    /// <returns>Whether it was not registered yet, under this name and with this folder.</returns>
    /// <exception cref="UserErrorException">Name or folder are taken, the name cannot be one, or the file cannot be changed.</exception>
    public async Task<bool> AddAsync(string name, string folder, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (WorkspaceName.Refuse(name) is { } refused)
        {
            throw new UserErrorException($"'{name}' {refused}. Nothing was changed.");
        }

        var real = RealPath.Of(folder);
        var isNew = true;
        await ChangeAsync(
            known =>
            {
                var byName = known.FirstOrDefault(one => WorkspaceName.Same(one.Name, name));
                var byFolder = known.FirstOrDefault(one => SameFolder(one.Folder, real));
                isNew = byName is null || byName != byFolder;
                return byName is not null && byName != byFolder
                        ? throw new UserErrorException(
                            $"The name '{byName.Name}' is taken: it is {byName.Folder}. Take another, or free it first: workspace remove "
                                + byName.Name
                        )
                    : byFolder is not null && byName is null
                        ? throw new UserErrorException(
                            $"{real} is registered already, as '{byFolder.Name}'. To give it another name, take that one away first: "
                                + $"workspace remove {byFolder.Name}"
                        )
                    : isNew ? [.. known, new RegisteredWorkspace(name, real, now)]
                    : known;
            },
            cancellationToken
        );
        return isNew;
    }

    /// <summary>Takes a name away. The workspace itself, its trust and its servers stay as they are.</summary>
    /// <returns>What was registered under it.</returns>
    /// <exception cref="UserErrorException">Nothing is registered under it, or the file cannot be changed.</exception>
    public async Task<RegisteredWorkspace> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        RegisteredWorkspace? removed = null;
        await ChangeAsync(
            known =>
            {
                removed = known.FirstOrDefault(one => WorkspaceName.Same(one.Name, name));
                return removed is not null
                    ? [.. known.Where(one => one != removed)]
                    : throw new UserErrorException($"{ExplainUnknown(name) ?? "no workspace is registered at all."} Nothing was changed.");
            },
            cancellationToken
        );
        return removed!;
    }

    private static bool SameFolder(string left, string right) =>
        left == right || (SpecialFile.Identity(left) is { } here && SpecialFile.Identity(right) == here);

    private async Task ChangeAsync(
        Func<IReadOnlyList<RegisteredWorkspace>, IReadOnlyList<RegisteredWorkspace>> change,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await PrivateFile.ChangeAsync(
                file,
                MaxBytes,
                content => (RegisterContent.Empty with { Workspaces = change(Parse(content).Workspaces) }).Write(),
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The register of workspaces {file} cannot be changed: {exception.Message} Nothing was changed.",
                exception
            );
        }
    }

    private RegisterContent Parse(byte[]? content) =>
        content is null
            ? RegisterContent.Empty
            : RegisterContent.Read(content, out var problem)
                ?? throw new UserErrorException(
                    $"The register of workspaces {file} {problem}. Correct it there, or move it away and add the workspaces again; nothing "
                        + "was changed."
                );
}
