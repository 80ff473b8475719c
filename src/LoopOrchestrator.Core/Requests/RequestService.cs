using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Requests;

/// <summary>
/// Carries out a call with a request id once, however often it is asked for, and gives every asker the first answer. What is done is
/// entered before it is begun, and answered behind it: whoever is cut off in between finds out at the next try whether it was done. Safe
/// for many threads and processes.
/// </summary>
public sealed class RequestService
{
    private readonly IRequestStore _store;
    private readonly WorkspacePaths _paths;
    private readonly TimeProvider _time;

    internal RequestService(IRequestStore store, WorkspacePaths paths, TimeProvider time)
    {
        _store = store;
        _paths = paths;
        _time = time;
    }

    /// <summary>Called between the effect of a call and its answer. For tests, which end the process there.</summary>
    internal Action? BeforeAnswer { get; set; }

    /// <summary>Carries out a call, or gives the answer that it had.</summary>
    /// <param name="key">The call; without one it is carried out each time.</param>
    /// <param name="work">
    /// Does it. Where an earlier try was cut off, it looks first whether its effect is there. It throws a <see cref="UserErrorException"/>
    /// only where nothing was done; the request id is free again then, unless an earlier try may have done something.
    /// </param>
    /// <param name="answer">The answer's form.</param>
    /// <param name="note">Makes what the effect is told again by; asked once, before the first try.</param>
    /// <param name="cancellationToken">Ends the wait, as long as nothing is begun.</param>
    /// <exception cref="UserErrorException">As from <paramref name="work"/>, or the request id stands for another call.</exception>
    internal async Task<T> OnceAsync<T>(
        RequestKey? key,
        Func<RequestTurn, CancellationToken, Task<T>> work,
        JsonTypeInfo<T> answer,
        Func<string?>? note,
        CancellationToken cancellationToken
    )
    {
        if (key is null)
        {
            return await work(RequestTurn.Only, cancellationToken);
        }

        using var turn = await TakeTurnAsync(key, cancellationToken);
        var known = await FindAsync(key, cancellationToken);
        if (known?.Answer is { } given)
        {
            return JsonSerializer.Deserialize(given, answer)!;
        }

        // To the millisecond, as it is kept: the effect is told again by this moment.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var first = known is null ? note?.Invoke() : known.Note;
        if (known is null)
        {
            await _store.EnterAsync(key, first, now, cancellationToken);
        }

        T result;
        try
        {
            // A caller that goes away now does not stop it half-way: he asks again.
            result = await work(new RequestTurn(known?.CreatedAt ?? now, first, known is not null), CancellationToken.None);
        }
        catch (UserErrorException) when (known is null)
        {
            await TryAsync(() => _store.WithdrawAsync(key, CancellationToken.None));
            throw;
        }

        await AnswerAsync(key, JsonSerializer.Serialize(result, answer));
        return result;
    }

    /// <summary>What is recorded of a call.</summary>
    /// <exception cref="UserErrorException">The request id stands for another call.</exception>
    internal async Task<RecordedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken)
    {
        var known = await _store.FindAsync(key, cancellationToken);
        if (known is not null)
        {
            key.EnsureSame(known);
        }

        return known;
    }

    /// <summary>
    /// Waits until no other call of the tool is being carried out under a request id. Whoever is killed gives his turn back.
    /// </summary>
    internal async Task<IDisposable> TakeTurnAsync(RequestKey key, CancellationToken cancellationToken)
    {
        StateFolder.Ensure(_paths);
        var file = Path.Combine(_paths.Locks, $"request-{key.Tool.Replace(' ', '-')}.lock");
        return await FileLock.AcquireAsync(file, cancellationToken: cancellationToken);
    }

    /// <summary>Keeps the answer of a call that is done; where that fails, the next try finds out what it was.</summary>
    internal async Task AnswerAsync(RequestKey key, string answer)
    {
        BeforeAnswer?.Invoke();
        await TryAsync(() => _store.AnswerAsync(key, answer, CancellationToken.None));
    }

    private static async Task TryAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (UserErrorException)
        {
            // The next try finds out anyway.
        }
    }
}
