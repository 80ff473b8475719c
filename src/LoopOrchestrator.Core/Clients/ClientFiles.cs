using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Clients;

/// <summary>Which files of a client there are, and what is in them.</summary>
/// <param name="places">Where the user has the settings of clients.</param>
/// <param name="workspace">The workspace, whose files those of a project are.</param>
internal sealed class ClientFiles(ClientPlaces places, WorkspacePaths workspace)
{
    /// <summary>Why a client has no file in such a place, or <see langword="null"/>.</summary>
    public static string? Refusal(McpClient client, ClientScope scope) =>
        scope is ClientScope.Project && client.ProjectFiles.Count == 0
            ? $"{client.Title} reads no servers from a project's folder. Leave --scope out: the entry then stands in its user's file."
            : null;

    /// <summary>
    /// The files in which an entry is put: where a client reads several names, the one that has our entry already, else the first that is
    /// there, else the last.
    /// </summary>
    /// <exception cref="UserErrorException">The client has none in such a place.</exception>
    public List<SharedPath> ToEnter(McpClient client, ClientScope scope)
    {
        var named = Named(client, scope);
        return [named.FirstOrDefault(file => HasEntry(file, client)) ?? named[0], .. Also(client, scope)];
    }

    /// <summary>The files in which an entry may be: a client that reads several names may have come to have two of them.</summary>
    /// <inheritdoc cref="ToEnter"/>
    public List<SharedPath> All(McpClient client, ClientScope scope) => [.. Named(client, scope), .. Also(client, scope)];

    // At least one, and each that is there. Also a link that leads to nothing yet is the file that its user means.
    private List<SharedPath> Named(McpClient client, ClientScope scope)
    {
        if (Refusal(client, scope) is { } refusal)
        {
            throw new UserErrorException(refusal + " Nothing was changed.");
        }

        IReadOnlyList<string> names =
            scope is ClientScope.Project
                ? [.. client.ProjectFiles.Select(file => Path.Combine(workspace.Root, file))]
                : client.UserFiles(places);
        List<string> there = [.. names.Where(static file => Path.Exists(file) || new FileInfo(file).LinkTarget is not null)];
        return
        [
            .. (there.Count > 0 ? there : [names[^1]]).Select(file =>
                scope is ClientScope.Project
                    ? new SharedPath(workspace, file, FileSizes.Configuration)
                    : SharedPath.Named(file, FileSizes.Configuration)
            ),
        ];
    }

    private IEnumerable<SharedPath> Also(McpClient client, ClientScope scope) =>
        scope is ClientScope.User && client.AlsoFile?.Invoke(places) is { } also && File.Exists(also)
            ? [SharedPath.Named(also, FileSizes.Configuration)]
            : [];

    private static bool HasEntry(SharedPath file, McpClient client)
    {
        try
        {
            return Read(file, client)?.Entry is not null;
        }
        catch (UserErrorException)
        {
            // Whoever puts the entry in says why the file cannot be read.
            return false;
        }
    }

    /// <summary>The file with the client's skill, where it has skills.</summary>
    public SharedPath? Skill(McpClient client, ClientScope scope) =>
        client.SkillsFolder is null ? null
        : scope is ClientScope.Project
            ? new SharedPath(workspace, Path.Combine(workspace.Root, ".claude", "skills", LoopSkill.Place), FileSizes.Configuration)
        : SharedPath.Named(Path.Combine(client.SkillsFolder(places), LoopSkill.Place), FileSizes.Configuration);

    /// <summary>The bytes of a file; <see langword="null"/> where there is none.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static byte[]? ReadBytes(SharedPath file)
    {
        try
        {
            return file.ReadOrNull();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file.FilePath} cannot be read ({exception.Message}). Nothing was changed.", exception);
        }
    }

    /// <summary>What a file says; <see langword="null"/> where there is none.</summary>
    public static IClientText? Read(SharedPath file, McpClient client) =>
        ReadBytes(file) is { } bytes ? Read(bytes, file.FilePath, client) : null;

    /// <summary>What the bytes of a file say.</summary>
    public static IClientText Read(byte[] bytes, string file, McpClient client) =>
        client.IsToml ? TomlClientText.Read(bytes, file, client) : JsonClientText.Read(bytes, file, client);

    /// <summary>What the bytes of a file say, where they can be changed.</summary>
    /// <exception cref="UserErrorException">They cannot be read; the line and the column are told.</exception>
    public static IClientText Readable(byte[] bytes, SharedPath file, McpClient client) =>
        Read(bytes, file.FilePath, client) is { Problem: null } text
            ? text
            : throw new UserErrorException(
                $"{Read(bytes, file.FilePath, client).Problem}. Nothing was changed. Put the file right, then call this again."
            );

    /// <summary>Where a file really is, links followed.</summary>
    public static string Real(SharedPath file)
    {
        try
        {
            return file.Resolve().FullPath;
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"{exception.Message}. Nothing was changed.", exception);
        }
    }
}
