using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Plans commits of what has changed in a workspace, and makes them. Safe for many threads; of all processes one commits at a time.
/// </summary>
public sealed class CommitService
{
    private readonly WorkspacePaths _paths;
    private readonly CommitSettings _settings;
    private readonly ApprovedEntries _seen;
    private readonly string _file;
    private readonly Redactor _redactor;
    private readonly TimeProvider _time;

    /// <param name="paths">The workspace.</param>
    /// <param name="settings">How changes are committed.</param>
    /// <param name="seen">Whether the workspace is trusted, and its gate seen.</param>
    /// <param name="file">What people call the file of the settings.</param>
    /// <param name="redactor">What knows a credential, which no message may hold.</param>
    /// <param name="time">The clock.</param>
    internal CommitService(
        WorkspacePaths paths,
        CommitSettings settings,
        ApprovedEntries seen,
        string file,
        Redactor redactor,
        TimeProvider time
    )
    {
        _paths = paths;
        _settings = settings;
        _seen = seen;
        _file = file;
        _redactor = redactor;
        _time = time;
    }

    /// <summary>What would be committed. Changes nothing.</summary>
    /// <param name="message">See <see cref="CommitRequest.Message"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="UserErrorException">It is no git work tree, or git cannot say.</exception>
    public async Task<CommitPlan> PlanAsync(string? message = null, CancellationToken cancellationToken = default)
    {
        CheckMessage(message);
        var repository = await FindAsync(cancellationToken);
        try
        {
            if (!_seen.IsTrusted)
            {
                await GitUntrusted.CheckAsync(repository, cancellationToken);
            }

            var state = await Reader(repository.With(_seen.IsTrusted ? GitFilters.Users : GitFilters.Off)).ReadAsync(cancellationToken);
            return CommitPlanner.Plan(state.Files, _settings, message);
        }
        catch (GitException exception)
        {
            throw new UserErrorException($"The changes could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the commits, and pushes them where <c>commit.push</c> is on.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="gate">Asked before each commit; the commands of <c>commit.gate</c> when not given.</param>
    /// <param name="made">Called with each commit as it is made.</param>
    /// <param name="cancellationToken">Ends it between two commits.</param>
    /// <returns>What was made, and why not more of it.</returns>
    /// <exception cref="UserErrorException">
    /// Nothing was committed: the workspace is not trusted, an operation is not finished, git does not know the committer, ...
    /// </exception>
    public async Task<CommitResult> MakeAsync(
        CommitRequest request,
        Func<CommitGroup, CancellationToken, Task<GateAnswer>>? gate = null,
        Action<MadeCommit>? made = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckMessage(request.Message);
        if (!_seen.IsTrusted)
        {
            throw new UserErrorException(
                "Nothing was committed: this workspace is not trusted, so neither its gate nor git's own programs are "
                    + "executed in it. Say that it is with 'loop-orchestrator trust', or for once with --trust-workspace."
            );
        }

        var entries = CommitTrust.Entries(_settings, _file);
        if (request.ApprovedGate is { } digest && TrustedList.DigestOf(entries) != digest)
        {
            throw new UserErrorException(
                $"Nothing was committed: \"commit\" in {_file} has changed since the server that started this looked at it. "
                    + $"{ApprovedEntries.HowTo}; then start it again."
            );
        }

        if (_seen.WhyHeld(entries) is { } held)
        {
            throw new UserErrorException($"Nothing was committed: {held}.");
        }

        var repository = (await FindAsync(cancellationToken)).With(GitFilters.Users);
        StateFolder.Ensure(_paths);
        var folder = Path.Combine(_paths.State, "commit");
        WorkspaceBounds.Check(_paths, folder);
        GuardedFolder.Create(folder);
        using var turn = await FileLock.AcquireAsync(Path.Combine(_paths.Locks, "commit.lock"), cancellationToken: cancellationToken);
        var indexFile = Path.Combine(folder, "index");
        try
        {
            var reader = Reader(repository);
            var state = await reader.ReadAsync(cancellationToken);
            var plan = CommitPlanner.Plan(state.Files, _settings, request.Message, request.Only);
            var maker = new CommitMaker(repository, reader, CredentialScan.Process, indexFile, _time);
            await maker.CheckAsync(state, plan, request.AllowDetached, cancellationToken);

            // A command that was killed may have left these.
            GuardedFile.Delete(indexFile + ".lock");
            var commands = new GateCommands(_settings.Gate, _paths.Root, _redactor, _time);
            var result = await maker.MakeAsync(
                state,
                plan,
                gate ?? ((_, token) => commands.AskAsync(token)),
                made ?? (static _ => { }),
                cancellationToken
            );
            return _settings.Push && result.Stopped is null && result.Made.Count > 0
                ? await PushAsync(repository, state, result, cancellationToken)
                : result;
        }
        catch (GitException exception)
        {
            throw new UserErrorException($"Nothing was committed: {exception.Message}", exception);
        }
        finally
        {
            GuardedFile.Delete(indexFile);
        }
    }

    private async Task<CommitResult> PushAsync(
        GitRepository repository,
        WorkTreeState state,
        CommitResult result,
        CancellationToken cancellationToken
    )
    {
        var (where, failure) = await new CommitPush(repository, _redactor).PushAsync(state.Branch, cancellationToken);
        return result with { Pushed = where, PushFailure = failure };
    }

    private void CheckMessage(string? message)
    {
        if (message is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(message) || message.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserErrorException("The message is empty. Say in one line what changed, or leave it out.");
        }

        if (_redactor.Redact(message) != message)
        {
            throw new UserErrorException("The message holds what looks like a credential; nothing was committed. Take it out.");
        }
    }

    private async Task<GitRepository> FindAsync(CancellationToken cancellationToken)
    {
        var (repository, why, _) = await GitRepository.FindAsync(_paths.Root, _time, cancellationToken);
        return repository
            ?? throw new UserErrorException(
                $"Nothing can be committed in {_paths.Root}: {why}. 'git init' makes a repository of a folder."
            );
    }

    private WorkTreeReader Reader(GitRepository repository) => new(repository, _settings, CredentialScan.Process);
}
