using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Clients;

/// <summary>
/// Puts this server into the settings of clients and takes it out again. What stands there beside our entry keeps its bytes; what was
/// replaced is kept; and where nobody has changed the file since, taking out brings every byte back.
/// </summary>
/// <param name="places">Where the user has the settings of clients.</param>
/// <param name="workspace">The workspace that is served, and whose files those of a project are.</param>
/// <param name="time">The clock for the names of backups.</param>
public sealed class ClientSetup(ClientPlaces places, WorkspacePaths workspace, TimeProvider time)
{
    private readonly ClientRecords _records = new(places.Records, time);
    private readonly ClientFiles _files = new(places, workspace);

    /// <summary>The names of all clients.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. McpClients.All.Select(static client => client.Id)];

    /// <summary>Why a client cannot be given such a server, or <see langword="null"/>.</summary>
    /// <param name="client">One of <see cref="Names"/>.</param>
    /// <param name="server">The server.</param>
    public static string? Refuse(string client, ClientServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var known = Client(client);
        var reason = server.Url is null ? null : known.HttpRefusal ?? (server.TokenVariable is null ? null : known.TokenRefusal);
        var what = known.HttpRefusal is null ? "an address with a token" : "an address";
        return reason is null ? null : $"{known.Title} cannot be given {what}: {reason}.";
    }

    /// <summary>Whether the client asks its user for the token by itself, so that no variable is needed.</summary>
    public static bool AsksForToken(string client) => Client(client).AsksForToken;

    /// <summary>What it takes to have the entry there.</summary>
    /// <param name="client">One of <see cref="Names"/>.</param>
    /// <param name="scope">Whose settings.</param>
    /// <param name="server">What the entry says.</param>
    /// <param name="replaces">Whether an entry of our name that is somebody else's is replaced.</param>
    /// <exception cref="UserErrorException">It cannot be; nothing was changed.</exception>
    public ClientPlan Install(string client, ClientScope scope, ClientServer server, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(server);
        var known = Client(client);
        if (Refuse(client, server) is { } refusal)
        {
            throw new UserErrorException(refusal + " Nothing was changed.");
        }

        List<string> notes = [];
        List<ClientChange> changes =
        [
            .. _files.ToEnter(known, scope).Select(file => Entered(known, scope, file, server, replaces, notes)),
            .. _files.Skill(known, scope) is { } skill ? [Written(skill, LoopSkill.Content, notes)] : Array.Empty<ClientChange>(),
        ];
        if (scope is ClientScope.Project)
        {
            notes.Add("The entry names paths of this machine: whoever else works in this repository installs for themselves.");
        }

        return new ClientPlan(known.Title, changes, notes) { Afterwards = known.Afterwards };
    }

    /// <summary>What it takes to have the entry there no more.</summary>
    /// <exception cref="UserErrorException">It cannot be; nothing was changed.</exception>
    public ClientPlan Uninstall(string client, ClientScope scope)
    {
        var known = Client(client);
        return Without(known, scope, _files.All(known, scope));
    }

    /// <summary>Makes the changes, one file after the other; each is on disk when this returns.</summary>
    /// <exception cref="UserErrorException">
    /// A file cannot be written, or was changed since the plan was made; what was changed before it stays.
    /// </exception>
    public void Apply(ClientPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var writer = new ClientChangeWriter(_records, workspace);
        foreach (var change in plan.Changes.Where(static change => !change.IsNone))
        {
            try
            {
                writer.Write(change);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(
                    $"{change.Path} could not be written ({exception.Message}); it is as it was. Check permissions and free space there, "
                        + "then call this again.",
                    exception
                );
            }
        }
    }

    /// <summary>The server that the client finds in its file now; <see langword="null"/> where there is no entry.</summary>
    public ClientServer? ReadBack(string client, ClientScope scope)
    {
        var known = Client(client);
        return ClientFiles.Read(_files.ToEnter(known, scope)[0], known)?.Entry?.Server;
    }

    /// <summary>Entries of ours, of any client, that start a program or serve a workspace that is not there: a sentence for each.</summary>
    public IReadOnlyList<string> Examine()
    {
        List<string> findings = [];
        foreach (var client in McpClients.All)
        {
            foreach (
                var scope in new[] { ClientScope.User, ClientScope.Project }.Where(scope => ClientFiles.Refusal(client, scope) is null)
            )
            {
                foreach (var file in _files.All(client, scope))
                {
                    if (OwnEntry(client, file) is { } entry && ClientOwnership.WhatIsMissing(entry.Server) is { } missing)
                    {
                        var install = $"loop-orchestrator install {client.Id}{(scope is ClientScope.Project ? " --scope project" : "")}";
                        findings.Add(
                            $"{client.Title} has an entry '{IClientText.Name}' in {file.FilePath}, line {entry.Line}, that {missing}. "
                                + $"'{install}' writes it anew for this program and this workspace; 'uninstall' in its place takes it out."
                        );
                    }
                }
            }
        }

        return findings;
    }

    /// <summary>
    /// What it takes to have no entry of ours in any client that starts a server for this workspace. Entries for other workspaces stay, and
    /// so does what they need.
    /// </summary>
    /// <exception cref="UserErrorException">A file with such an entry cannot be changed; nothing was.</exception>
    public IReadOnlyList<ClientPlan> OfWorkspace() =>
        [
            .. McpClients
                .All.SelectMany(static client =>
                    new[] { ClientScope.User, ClientScope.Project }
                        .Where(scope => ClientFiles.Refusal(client, scope) is null)
                        .Select(scope => (client, scope))
                )
                .Select(one =>
                    (one.client, one.scope, Files: _files.All(one.client, one.scope).FindAll(file => IsOfThis(one.client, one.scope, file)))
                )
                .Where(static one => one.Files.Count > 0)
                .Select(one => Without(one.client, one.scope, one.Files))
                .Where(static plan => !plan.IsNone),
        ];

    // A project's entry without a workspace, or with one as its client fills it in, serves the project's folder.
    private bool IsOfThis(McpClient client, ClientScope scope, SharedPath file) =>
        OwnEntry(client, file) is { } entry
        && (
            ClientOwnership.WorkspaceOf(entry.Server) is { } served && Path.IsPathFullyQualified(served)
                ? IsThis(served)
                : scope is ClientScope.Project
        );

    private ClientPlan Without(McpClient client, ClientScope scope, IReadOnlyList<SharedPath> files)
    {
        List<string> notes = [];
        var isLast = _files
            .All(client, scope)
            .TrueForAll(file => files.Any(one => one.FilePath == file.FilePath) || OwnEntry(client, file) is null);
        return new ClientPlan(
            client.Title,
            [
                .. files.Select(file => Taken(client, file, notes)),
                .. isLast && _files.Skill(client, scope) is { } skill ? [Restored(skill, notes)] : Array.Empty<ClientChange>(),
            ],
            notes
        )
        {
            Afterwards = client.Afterwards,
        };
    }

    private bool IsThis(string folder) =>
        Path.IsPathFullyQualified(folder) && Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) == workspace.Root;

    private static ClientEntry? OwnEntry(McpClient client, SharedPath file)
    {
        try
        {
            return
                ClientFiles.Read(file, client) is { Problem: null, Entry: { } entry } && ClientOwnership.IsOurs(entry.Server, record: null)
                ? entry
                : null;
        }
        catch (UserErrorException)
        {
            // What a client has in a file that cannot be read is not ours to tell.
            return null;
        }
    }

    private static McpClient Client(string id) =>
        McpClients.All.FirstOrDefault(client => client.Id == id)
        ?? throw new UserErrorException($"'{id}' is no client that is known here; known are {string.Join(", ", Names)}.");

    private ClientChange Entered(
        McpClient client,
        ClientScope scope,
        SharedPath file,
        ClientServer server,
        bool replaces,
        List<string> notes
    )
    {
        var before = ClientFiles.ReadBytes(file);
        var text = ClientFiles.Readable(before ?? [], file, client);
        var record = _records.Find(ClientFiles.Real(file));
        var isOurs = text.Entry is { } there && ClientOwnership.IsOurs(there.Server, record);
        if (text.Entry is { } entry)
        {
            if (!replaces && !isOurs && entry.Server.ToString() != server.ToString())
            {
                throw new UserErrorException(
                    $"{file.FilePath} has an entry '{IClientText.Name}' in line {entry.Line} that is not this server's: it is "
                        + $"'{Known(entry.Server)}'. Nothing was changed. Give it another name there, or say --replace to put this server "
                        + "in its place."
                );
            }

            if (ClientOwnership.WorkspaceOf(entry.Server) is { } old && ClientOwnership.WorkspaceOf(server) is { } @new && old != @new)
            {
                notes.Add($"The entry in {file.FilePath} served {old} until now.");
            }
        }

        var steps = text.With(client.Shape.Write(server, scope));
        var after = steps[^1];
        var written = ClientFiles.Read(after, file.FilePath, client);
        if (
            written.Problem is not null
            || written.Entry?.Server.ToString() != server.ToString()
            || !ClientOwnership.IsRestTheSame(text, written, client)
        )
        {
            throw new UserErrorException(
                $"{file.FilePath} would not say the same beside the entry any more, so nothing was changed. Add the entry by hand: "
                    + $"{server}"
            );
        }

        if (before is not null && ClientOwnership.SaysTheSame(text, written))
        {
            return Kept(file, before);
        }

        return Change(file, before, after, before is null ? "create" : "change", Steps(before, steps)) with
        {
            Record = NewRecord(file, before, after, record, server.ToString(), hadOurs: isOurs),
        };
    }

    private ClientChange Taken(McpClient client, SharedPath file, List<string> notes)
    {
        if (ClientFiles.ReadBytes(file) is not { } before)
        {
            return Kept(file, null);
        }

        var record = _records.Find(ClientFiles.Real(file));
        if (Back(file, before, record) is { } back)
        {
            return back;
        }

        var text = ClientFiles.Readable(before, file, client);
        if (text.Entry is not { } entry)
        {
            return Kept(file, before);
        }

        if (!ClientOwnership.IsOurs(entry.Server, record))
        {
            throw new UserErrorException(
                $"{file.FilePath} has an entry '{IClientText.Name}' in line {entry.Line} that is not this server's: it is "
                    + $"'{Known(entry.Server)}'. Nothing was changed."
            );
        }

        if (ClientOwnership.WorkspaceOf(entry.Server) is { } served && served != workspace.Root)
        {
            notes.Add($"The entry in {file.FilePath} serves {served}.");
        }

        var steps = text.Without();
        var written = ClientFiles.Read(steps[^1], file.FilePath, client);
        if (written.Problem is not null || written.Entry is not null || !ClientOwnership.IsRestTheSame(text, written, client))
        {
            throw new UserErrorException(
                $"{file.FilePath} would not say the same without the entry any more, so nothing was changed. Take the entry in line "
                    + $"{entry.Line} out by hand."
            );
        }

        notes.Add($"{file.FilePath} was changed since the entry was written, so only the entry goes and all else stays as it is.");
        return Change(file, before, steps[^1], "change", Steps(before, steps));
    }

    // The same for a file that is ours as a whole.
    private ClientChange Written(SharedPath file, byte[] content, List<string> notes)
    {
        var before = ClientFiles.ReadBytes(file);
        if (before is null)
        {
            return Change(file, null, content, "create", [$"+ {content.AsSpan().Count((byte)'\n')} lines: how to work the loop"]) with
            {
                Record = NewRecord(file, null, content, null, "", hadOurs: false),
            };
        }

        var record = _records.Find(ClientFiles.Real(file));
        if (before.AsSpan().SequenceEqual(content))
        {
            return Kept(file, before);
        }

        if (record?.Written != ClientRecords.DigestOf(before))
        {
            notes.Add($"{file.FilePath} is not as this program writes it, so it was left as it is.");
            return Kept(file, before);
        }

        return Change(file, before, content, "change", TextDifference.Of(before, content)) with
        {
            Record = NewRecord(file, before, content, record, "", hadOurs: true),
        };
    }

    private ClientChange Restored(SharedPath file, List<string> notes)
    {
        if (ClientFiles.ReadBytes(file) is not { } before)
        {
            return Kept(file, null);
        }

        if (Back(file, before, _records.Find(ClientFiles.Real(file))) is { } back)
        {
            return back;
        }

        notes.Add($"{file.FilePath} is not as this program wrote it, so it was left as it is.");
        return Kept(file, before);
    }

    // As it was before us, where nobody has changed it since.
    private ClientChange? Back(SharedPath file, byte[] before, ClientRecord? record)
    {
        if (record is null || record.Written != ClientRecords.DigestOf(before))
        {
            return null;
        }

        return record.IsNew ? Change(file, before, null, "remove", ["- the whole file, which was written by install"])
            : _records.OriginalOf(record) is { } original ? Change(file, before, original, "restore", TextDifference.Of(before, original))
            : null;
    }

    private static ClientRecord NewRecord(SharedPath file, byte[]? before, byte[] after, ClientRecord? record, string server, bool hadOurs)
    {
        var now = new ClientRecord(ClientFiles.Real(file), ClientRecords.DigestOf(after), server);
        return before is null ? now with { IsNew = true, Folders = Missing(file) }
            // Untouched since our last change: what was before that is still what comes back.
            : record is not null && record.Written == ClientRecords.DigestOf(before)
                ? record with
                {
                    Written = now.Written,
                    Server = now.Server,
                }
            : hadOurs ? now
            : now with { Original = ClientRecord.Pending };
    }

    private static List<string> Missing(SharedPath file)
    {
        List<string> missing = [];
        for (
            var folder = Path.GetDirectoryName(ClientFiles.Real(file));
            folder is not null && !Directory.Exists(folder);
            folder = Path.GetDirectoryName(folder)
        )
        {
            missing.Add(folder);
        }

        return missing;
    }

    private static ClientChange Kept(SharedPath file, byte[]? before) => Change(file, before, before, "keep", []);

    private static ClientChange Change(SharedPath file, byte[]? before, byte[]? after, string action, IReadOnlyList<string> difference) =>
        new(file, action, difference)
        {
            Before = before,
            After = after,
            Target = ClientFiles.Real(file) is var real && real != file.FilePath ? real : null,
        };

    private static List<string> Steps(byte[]? before, IReadOnlyList<byte[]> steps)
    {
        List<string> difference = [];
        var last = before ?? [];
        foreach (var step in steps)
        {
            if (!step.AsSpan().SequenceEqual(last))
            {
                difference.AddRange(TextDifference.Of(last, step));
            }

            last = step;
        }

        return difference;
    }

    private static string Known(ClientServer server) => server.ToString() is { Length: > 0 } known ? known : "nothing that is known here";
}
