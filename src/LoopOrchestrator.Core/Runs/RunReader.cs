using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Outputs;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Looks at runs, and waits for what they do next. Changes nothing. Safe for many threads.</summary>
internal sealed class RunReader(
    WorkspacePaths paths,
    IRunStore store,
    RunBriefs briefs,
    RunEndSignal ended,
    Redactor redactor,
    TimeProvider time
)
{
    // An end that this process records is told at once; one that another process records is found by looking.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private const string Last = "last";

    private readonly RunOutput _output = new(paths, redactor);

    /// <summary>The run.</summary>
    /// <exception cref="UserErrorException">There is none of that id.</exception>
    public async Task<Run> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (RunId.IsWellFormed(id) ? await store.FindAsync(id, cancellationToken) : null) ?? throw Unknown(id);

    /// <summary>The id of the run that somebody means who writes a part of it; see <see cref="RunService.ResolveAsync"/>.</summary>
    public async Task<string> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        if (text == Last)
        {
            return (await store.ListAsync(new RunFilter { Limit = 1 }, cancellationToken)) is [var newest]
                ? newest.Id
                : throw new UserErrorException("There is no run yet, so none is the last.");
        }

        if (RunId.IsWellFormed(text) && await store.FindAsync(text, cancellationToken) is { } exact)
        {
            return exact.Id;
        }

        var part = new PartOfId(text, "run", RunId.Prefix);
        var fitting = new List<string>();
        foreach (var (head, tail) in part.Ends)
        {
            fitting.AddRange((await store.FindLikeAsync(head, tail, PartOfId.Enough, cancellationToken)).Select(static run => run.Id));
        }

        return part.Choose([.. fitting.Distinct(StringComparer.Ordinal)]) ?? throw Unknown(text);
    }

    private static UserErrorException Unknown(string id) =>
        new($"There is no run '{id}'. {ToolNames.ListRuns} shows the ids of the latest.");

    /// <summary>Lists runs, newest first.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default) =>
        store.ListAsync(filter, cancellationToken);

    /// <summary>What the run's agent was told, or <see langword="null"/> before its start.</summary>
    public string? Brief(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return briefs.Read(run);
        }
        catch (UserErrorException exception)
        {
            // Reported in its place: who asks for the run wants to see the rest of it.
            return $"[the brief is not shown: {exception.Message}]";
        }
    }

    /// <summary>
    /// The end of what the run's latest attempt has printed so far, at most <paramref name="bytes"/> bytes of it; <see langword="null"/>
    /// when it has printed nothing.
    /// </summary>
    public OutputPart? OutputTail(Run run, int bytes)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _output.Tail(run, bytes);
    }

    /// <summary>What the run has printed from a position on, at most about <paramref name="bytes"/> bytes of it.</summary>
    public OutputPart Output(Run run, OutputPosition from, int bytes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(from);
        return _output.Read(run, from, bytes);
    }

    /// <summary>Makes text to read along of the parts of a run's output; a new one for each reader.</summary>
    public RunTranscript Transcript(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunTranscript(attempt => RunFolder.Of(paths.Run(run.Id), attempt));
    }

    /// <summary>The file that holds the output of the run's latest attempt.</summary>
    public string OutputFile(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _output.File(run);
    }

    /// <summary>
    /// Waits until the run has printed more than what lies before a position, or has ended; at most <paramref name="seconds"/> (0 to
    /// <see cref="RunService.MaxWaitSeconds"/>).
    /// </summary>
    /// <returns>The run as it stands then.</returns>
    public async Task<Run> WaitForOutputAsync(string id, OutputPosition from, int seconds, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        var run = await GetAsync(id, cancellationToken);
        while (
            !run.State.HasEnded()
            && _output.Read(run, from, 1024).Text.Length == 0
            && TimeSpan.FromSeconds(seconds) - time.GetElapsedTime(started) is var left
            && left > TimeSpan.Zero
        )
        {
            run = await WaitAsync(id, left < PollInterval ? left : PollInterval, cancellationToken);
        }

        return run;
    }

    /// <summary>
    /// Waits until the run has ended, at most <paramref name="seconds"/> (0 to <see cref="RunService.MaxWaitSeconds"/>), and returns it as
    /// it stands then.
    /// </summary>
    public Task<Run> WaitAsync(string id, int seconds, CancellationToken cancellationToken = default) =>
        WaitAsync(id, TimeSpan.FromSeconds(seconds), cancellationToken);

    private async Task<Run> WaitAsync(string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var ends = ended.ToCome;
        var run = await GetAsync(id, cancellationToken);
        while (!run.State.HasEnded() && limit - time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            var look = Task.Delay(left < PollInterval ? left : PollInterval, time, cancellationToken);
            while (await Task.WhenAny(ends.Next, look) != look)
            {
                (var ended, ends) = await ends.Next;
                if (ended == id)
                {
                    break;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            run = await GetAsync(id, cancellationToken);
        }

        return run;
    }

    /// <summary>The attempts of a run, in order.</summary>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) =>
        store.AttemptsAsync(id, cancellationToken);

    /// <summary>
    /// The runs that a run asked for, and those that they asked for; the oldest first, at most <see cref="IRunStore.MaxSubRuns"/>.
    /// </summary>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) =>
        store.SubRunsAsync(id, cancellationToken);

    /// <summary>Why things were done with the run as they were.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        store.DecisionsAsync(id, cancellationToken);
}
