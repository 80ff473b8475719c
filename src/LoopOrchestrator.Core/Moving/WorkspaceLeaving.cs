using System.Text;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// Takes this program out of a workspace: what it has made for itself, and what leads to it. Files that people and other programs read
/// (schedules, modes, plan, memory, time log, configuration) stay.
/// </summary>
public sealed class WorkspaceLeaving
{
    private const string IgnoreLine = "/.loop/";
    private const string References = "refs/loop/";

    private readonly WorkspacePaths _paths;
    private readonly ApprovedEntries _approved;
    private readonly ServerRegistry _servers;
    private readonly IStateTransfer _state;
    private readonly TimeProvider _time;

    internal WorkspaceLeaving(
        WorkspacePaths paths,
        ApprovedEntries approved,
        ServerRegistry servers,
        IStateTransfer state,
        TimeProvider time
    )
    {
        _paths = paths;
        _approved = approved;
        _servers = servers;
        _state = state;
        _time = time;
    }

    /// <summary>Looks at what there is; nothing is changed.</summary>
    /// <param name="places">Where the user has the settings of clients.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public async Task<LeavingPlan> PlanAsync(ClientPlaces places, CancellationToken cancellationToken = default)
    {
        var (repository, _, _) = await GitRepository.FindAsync(_paths.Root, _time, cancellationToken);
        return new LeavingPlan(
            FindFolder(),
            repository is null ? [] : await ReferencesAsync(repository, cancellationToken),
            IgnoreFile.ReadOrNull() is { } ignored && Without(ignored) is not null,
            [.. _approved.Trust.IsRecorded ? new[] { _approved.Trust.RecordFile } : [], .. _approved.Trust.ListFiles()],
            new ClientSetup(places, _paths, _time).OfWorkspace()
        );
    }

    /// <summary>Removes it. The folder of the state goes last: whatever stops this before can be repeated.</summary>
    /// <exception cref="UserErrorException">A server or a run is at work here, or something cannot be removed.</exception>
    public async Task ApplyAsync(LeavingPlan plan, ClientPlaces places, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await RefuseAtWorkAsync(cancellationToken);
        foreach (var client in plan.Clients)
        {
            new ClientSetup(places, _paths, _time).Apply(client);
        }

        _approved.Revoke();
        if (
            plan.References.Count > 0
            && (await GitRepository.FindAsync(_paths.Root, _time, cancellationToken)).Repository is { } repository
        )
        {
            foreach (var reference in plan.References)
            {
                await repository.RunAsync(["update-ref", "--no-deref", "-d", reference], cancellationToken: cancellationToken);
            }
        }

        try
        {
            if (plan.IgnoresState && IgnoreFile.ReadOrNull() is { } ignored && Without(ignored) is { } rest)
            {
                DurableFile.Replace(IgnoreFile, rest);
            }

            if (plan.Folder is not null)
            {
                GuardedFolder.Delete(_paths.State);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"Not all could be removed ({exception.Message}). Call this again when that is settled; it goes on where it was.",
                exception
            );
        }
    }

    private SharedPath IgnoreFile => new(_paths, Path.Combine(_paths.Root, ".gitignore"), FileSizes.Own);

    private async Task RefuseAtWorkAsync(CancellationToken cancellationToken)
    {
        if (!Path.Exists(_paths.Database))
        {
            return;
        }

        if (await _servers.AliveAsync(cancellationToken) is [var server, ..])
        {
            throw new UserErrorException(
                $"A server is at work here (process {server.Pid}, {server.Mode}). Nothing was changed. End it, or close its client, then "
                    + "call this again."
            );
        }

        if ((await _state.CountAsync(cancellationToken)).Going is > 0 and var going)
        {
            throw new UserErrorException(
                $"{going} run(s) are going on. Nothing was changed. Wait for their end, or cancel them with "
                    + "'loop-orchestrator runs cancel ID'."
            );
        }
    }

    private LeavingPlan.State? FindFolder()
    {
        if (!GuardedFolder.Exists(_paths.State))
        {
            return null;
        }

        var files = GuardedFolder.FilesBelow(_paths.State).ToList();
        return new LeavingPlan.State(
            _paths.State,
            files.Count,
            files.Sum(static file => new FileInfo(file).Length),
            [
                .. new[] { _paths.SetAside, _paths.Damaged, _paths.Worktrees }
                    .Where(GuardedFolder.Exists)
                    .SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder))
                    .Select(_paths.Display)
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    private static async Task<IReadOnlyList<string>> ReferencesAsync(GitRepository repository, CancellationToken cancellationToken) =>
        [
            .. (await repository.RunAsync(["for-each-ref", "--format=%(refname)", References], cancellationToken: cancellationToken))
                .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(static name => name.StartsWith(References, StringComparison.Ordinal)),
        ];

    // The file without our line; null where it has none. Bytes of other lines stay, whatever their encoding.
    private static byte[]? Without(byte[] content)
    {
        var text = Encoding.Latin1.GetString(content);
        var lines = text.Split('\n');
        var rest = lines.Where(static line => line.TrimEnd('\r') != IgnoreLine).ToList();
        return rest.Count == lines.Length ? null : Encoding.Latin1.GetBytes(string.Join('\n', rest));
    }
}
