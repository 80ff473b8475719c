using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Takes what callers ask for into the queue, or begins it in their hands. Safe for many threads.</summary>
/// <param name="store">The runs.</param>
/// <param name="requests">The calls with a request id.</param>
/// <param name="factory">Makes runs of requests.</param>
/// <param name="admission">Whether a further run may be asked for.</param>
/// <param name="handOffs">Gives hand-offs to those who ask for them.</param>
/// <param name="readiness">Whether anybody will start it.</param>
/// <param name="wake">Called when something waits that a loop starts.</param>
internal sealed class RunRequests(
    IRunStore store,
    RequestService requests,
    RunFactory factory,
    RunAdmission admission,
    RunHandOffs handOffs,
    RunReadiness readiness,
    Action wake
)
{
    /// <summary>
    /// Asks for a run. A hand-off starts at once, in the caller's hands, unless it is asked for as one to wait; any other waits for its
    /// turn in the queue.
    /// </summary>
    /// <exception cref="UserErrorException">The request is wrong, or nothing could ever start the run.</exception>
    public async Task<Run> RequestAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Key() is not { } key)
        {
            return await BeginAsync(request, key: null, cancellationToken);
        }

        using var turn = await requests.TakeTurnAsync(key, cancellationToken);
        return await requests.FindAsync(key, cancellationToken) is { } known
            ? await AgainAsync(request, key, known, cancellationToken)
            : await BeginAsync(request, key, cancellationToken);
    }

    private async Task<Run> BeginAsync(RunRequest request, RequestKey? key, CancellationToken cancellationToken)
    {
        var (run, why) = await factory.CreateAsync(request, cancellationToken);
        await admission.EnsureAsync(run, cancellationToken);
        await handOffs.BeatOfPartAsync(run.ParentRunId, cancellationToken);
        if (run.Kind == RunKind.Agent)
        {
            await readiness.EnsureSomebodyStartsAsync(run, cancellationToken);
        }

        // By chance, so that an id that somebody guesses tells him no token.
        var note = key is null ? null : LeaseTokens.Create();
        if (key is null)
        {
            await store.AddAsync(run, why, cancellationToken);
        }
        else if (await store.AddAsync(run, why, key, note, cancellationToken) is { } known)
        {
            key.EnsureSame(known);
            return await AgainAsync(request, key, known, cancellationToken);
        }

        if (run.Kind == RunKind.Handoff && !request.QueuesHandOff)
        {
            var token = key is null ? null : Token(key, note, run, run.Attempt + 1);
            return await handOffs.TakeAsync(run, request.Caller, token, cancellationToken);
        }

        wake();
        return run;
    }

    // Whoever asks again has the request id, and so what his lease token was made of.
    private async Task<Run> AgainAsync(RunRequest request, RequestKey key, RecordedRequest known, CancellationToken cancellationToken)
    {
        var run = await RequestedRuns.FindAsync(store, key, known, cancellationToken);
        if (run.Kind != RunKind.Handoff || request.QueuesHandOff)
        {
            return run;
        }

        if (run.State == RunState.Queued)
        {
            return await handOffs.TakeAsync(run, request.Caller, Token(key, known.Note, run, run.Attempt + 1), cancellationToken);
        }

        var token = Token(key, known.Note, run, run.Attempt);
        return await handOffs.GoOnAsync(run, request.Caller, token, cancellationToken) ?? run;
    }

    private static string Token(RequestKey key, string? note, Run run, int attempt) => key.Derive(note, $"lease of {run.Id}, {attempt}");
}
