using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Register;

namespace LoopOrchestrator.Mcp.Served;

/// <summary>
/// The workspaces of a server that serves several, in the order in which they were named; the first counts where none is.
/// </summary>
/// <param name="all">Two or more, each with a name and a folder of its own.</param>
internal sealed class ServedWorkspaces(IReadOnlyList<ServedWorkspace> all) : IDisposable
{
    /// <summary>For how long one workspace may keep the answers of the others waiting.</summary>
    public static readonly TimeSpan MaxAnswer = TimeSpan.FromSeconds(5);

    private const int MaxShown = 200;

    // By it a measurement finds the workspace in whose work it is taken; it follows that work over threads.
    private static readonly AsyncLocal<string?> Name = new();

    /// <summary>The name of the workspace that is worked for; <see langword="null"/> in a server of one.</summary>
    public static string? Current => Name.Value;

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asked = new(0, 1);

    /// <summary>Ends when each was tried to be opened: before that nobody can say which can be served.</summary>
    public Task Tried => _tried.Task;

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServedWorkspace> All => all;

    /// <summary>The one that counts where none is named.</summary>
    public ServedWorkspace Default => all[0];

    /// <summary>What is done from here on, in this flow of calls, is work for this workspace.</summary>
    public static void WorkFor(string name) => Name.Value = name;

    /// <summary>Each was tried to be opened.</summary>
    public void SetTried() => _tried.TrySetResult();

    /// <summary>The one that somebody means.</summary>
    /// <param name="text">A name, or a folder by its whole path; <see langword="null"/> for the first.</param>
    /// <exception cref="UserErrorException">It is none of these, or cannot be served now.</exception>
    public ServedWorkspace Choose(string? text)
    {
        var chosen = text is null ? Default : Find(text) ?? throw new UserErrorException(Explain(text));
        if (chosen.Problem is not { } problem)
        {
            return chosen;
        }

        AskAgain();
        throw new UserErrorException(
            $"The workspace '{chosen.Name}' ({chosen.Folder}) is not served now: {problem.TrimEnd('.')}. {Others(chosen)}"
        );
    }

    /// <summary>
    /// Asks all of them side by side. One that is not served, fails, or does not answer in time has a problem instead of an answer, and
    /// keeps nobody waiting for longer; what it was asked is given up then.
    /// </summary>
    /// <param name="ask">Asks one, given its services; its work counts as that workspace's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait for all.</param>
    /// <returns>One of each, in their order.</returns>
    public async Task<IReadOnlyList<ServedAnswer<T>>> AskAllAsync<T>(
        Func<IServiceProvider, CancellationToken, Task<T>> ask,
        TimeProvider time,
        CancellationToken cancellationToken
    )
        where T : class
    {
        await Tried.WaitAsync(cancellationToken);
        return await Task.WhenAll(all.Select(one => AskAsync(one, ask, time, cancellationToken)));
    }

    /// <summary>Somebody waits for one that is not served: it is tried at once.</summary>
    public void AskAgain()
    {
        lock (_gate)
        {
            if (_asked.CurrentCount == 0)
            {
                _asked.Release();
            }
        }
    }

    /// <summary>Waits until somebody asks again, or for this long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _asked.WaitAsync(most, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _asked.Dispose();

    /// <summary>The one of a name.</summary>
    public ServedWorkspace? OfName(string name) => all.FirstOrDefault(one => WorkspaceName.Same(one.Name, name));

    private static async Task<ServedAnswer<T>> AskAsync<T>(
        ServedWorkspace one,
        Func<IServiceProvider, CancellationToken, Task<T>> ask,
        TimeProvider time,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (one.Services is not { } services)
        {
            return new ServedAnswer<T>(one, null, one.Problem);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = end.Token;
        try
        {
            // On a thread of its own: a database that is held by another program holds the thread that reads it.
            var answer = Task.Run(
                () =>
                {
                    WorkFor(one.Name);
                    return ask(services, token);
                },
                token
            );
            return new ServedAnswer<T>(one, await answer.WaitAsync(MaxAnswer, time, cancellationToken), null);
        }
        catch (TimeoutException)
        {
            return new ServedAnswer<T>(
                one,
                null,
                $"it did not answer within {MaxAnswer.TotalSeconds:0} seconds; its disk or its database is held up. See its log."
            );
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return new ServedAnswer<T>(one, null, exception.Message);
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    // A name of the register is its user's, and may have been given since the server started; it decides before the names of here.
    private ServedWorkspace? Find(string text)
    {
        if (MeantFolder.Of(text) is not { } folder)
        {
            return OfName(text);
        }

        return all.FirstOrDefault(one => MeantFolder.Is(folder, one.Folder))
            ?? (
                Path.IsPathFullyQualified(text)
                    ? null
                    : throw new UserErrorException(
                        $"'{text}' is registered as {folder}, which is no workspace of this server. It serves: {Names()}. "
                            + "Nothing was done."
                    )
            );
    }

    private string Names() => string.Join(", ", all.Select(static one => one.Name));

    private string Explain(string text)
    {
        var names = all.Select(static one => one.Name).ToList();
        var hint = NearestName.Find(text, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        var shown = string.Concat(text.EnumerateRunes().Take(MaxShown));
        return $"'{shown}' is no workspace of this server{hint} It serves: {Names()}.";
    }

    private string Others(ServedWorkspace but)
    {
        var open = all.Where(one => one != but && one.Problem is null).Select(static one => one.Name).ToList();
        return open.Count == 0 ? "None of the others is either." : $"Served are: {string.Join(", ", open)}.";
    }
}
