using System.Globalization;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Takes the reports of agents from those who may give them (see <see cref="RunReportRules"/>). Safe for many threads and processes.
/// </summary>
internal sealed class RunReports(
    WorkspacePaths paths,
    IRunStore store,
    RunFinisher finisher,
    RequestService requests,
    Redactor redactor,
    TimeProvider time,
    Action wake
)
{
    private const int MaxNotes = 5;

    /// <summary>Takes a report as it came from a caller; see <see cref="RunService"/>.</summary>
    /// <returns>The run that it was about.</returns>
    public async Task<Run> CompleteAsync(
        string? id,
        RunReport report,
        RunCaller caller,
        string? leaseToken,
        string? requestId,
        CancellationToken cancellationToken
    )
    {
        id ??= await IdOfAsync(caller, cancellationToken);
        var key = RequestKey.Of(
            "complete_run",
            requestId,
            ("run_id", id),
            ("outcome", report.Outcome.Name()),
            ("summary", report.Summary),
            ("findings", report.Findings),
            ("follow_ups", report.FollowUps),
            ("questions", report.Questions),
            ("lease_token", leaseToken)
        );
        if (key is null)
        {
            await TakeAsync(id, report, caller, leaseToken, cancellationToken);
            wake();
            return await FindAsync(id, cancellationToken);
        }

        using var turn = await requests.TakeTurnAsync(key, cancellationToken);
        if (await requests.FindAsync(key, cancellationToken) is { } known)
        {
            return await AgainAsync(report, key, known, cancellationToken);
        }

        await TakeAsync(id, report, caller, leaseToken, key, cancellationToken);
        wake();
        return await AnswerAsync(key, await FindAsync(id, cancellationToken));
    }

    /// <summary>
    /// Takes a report. A hand-off ends with it; a run with a process ends with its process, and then the report decides. The same report
    /// once more changes nothing.
    /// </summary>
    /// <exception cref="UserErrorException">The caller may not report this run, or the report is incomplete.</exception>
    public Task TakeAsync(string id, RunReport report, RunCaller caller, string? token, CancellationToken cancellationToken) =>
        TakeAsync(id, report, caller, token, key: null, cancellationToken);

    private async Task TakeAsync(
        string id,
        RunReport report,
        RunCaller caller,
        string? token,
        RequestKey? key,
        CancellationToken cancellationToken
    )
    {
        Check(report);
        report = Clean(report);
        Run run;
        do
        {
            // Between the decision and the change the run may have ended, or somebody else may have got it: then it is decided again.
            run = await FindAsync(id, cancellationToken);
            var attempts = await store.AttemptsAsync(id, cancellationToken);
            if (RunReportRules.IsRepeated(run, report, caller, token, attempts))
            {
                if (run.State.HasEnded())
                {
                    return;
                }

                // What followed the first time may have failed: the copy, or the end of a hand-off.
                break;
            }

            if (RunReportRules.Refuse(run, caller, token, attempts) is { } refusal)
            {
                throw new UserErrorException(refusal);
            }

            if (RunReportRules.RefuseSecond(run, report) is { } second)
            {
                await NoteAsync(id, report, cancellationToken);
                throw new UserErrorException(second);
            }
        } while (
            !await (
                key is null
                    ? store.TryReportAsync(run, report, cancellationToken)
                    : store.TryReportAsync(run, report, key, time.GetUtcNow(), cancellationToken)
            )
        );

        await FollowAsync(run, report, cancellationToken);
    }

    // What a report that was taken brings with it.
    private async Task FollowAsync(Run run, RunReport report, CancellationToken cancellationToken)
    {
        Keep(run, report);
        if (run.Kind == RunKind.Handoff)
        {
            var end = new RunEnd(report.Outcome, time.GetUtcNow(), "reported by its agent") { Attempt = run.Attempt };
            await finisher.EndAsync(run.Id, end, cancellationToken);
        }
    }

    // The report was taken, by its transaction; the one who gave it may have been cut off before anything else happened.
    private async Task<Run> AgainAsync(RunReport report, RequestKey key, RecordedRequest known, CancellationToken cancellationToken)
    {
        var run = await RequestedRuns.FindAsync(store, key, known, cancellationToken);
        if (known.Answer?.Split('\n', 2) is [var state, var reason])
        {
            return run with { State = RunNames.State(state)!.Value, Reason = reason.Length == 0 ? null : reason };
        }

        var attempt = int.Parse(known.Note!, CultureInfo.InvariantCulture);
        if (run.Attempt == attempt && run.State == RunState.Running)
        {
            await FollowAsync(run, Clean(report), cancellationToken);
            wake();
            return await AnswerAsync(key, await RequestedRuns.FindAsync(store, key, known, cancellationToken));
        }

        var made = (await store.AttemptsAsync(run.Id, cancellationToken)).FirstOrDefault(one => one.Number == attempt);
        return await AnswerAsync(key, made?.Outcome is { } outcome ? run with { State = outcome, Reason = made.Reason } : run);
    }

    private async Task<Run> AnswerAsync(RequestKey key, Run run)
    {
        await requests.AnswerAsync(key, $"{run.State.Name()}\n{run.Reason}");
        return run;
    }

    /// <summary>Which run a report without an id is about: that of the agent that has started this process.</summary>
    /// <exception cref="UserErrorException">There is none; the message says how to name the run.</exception>
    public async Task<string> IdOfAsync(RunCaller caller, CancellationToken cancellationToken)
    {
        if (caller is { RunId: { } own, RunToken: not null })
        {
            return own;
        }

        var running = caller.Owner is null ? [] : await store.InStateAsync(RunState.Running, cancellationToken);
        var held = running.Where(run => run.Lease?.Owner == caller.Owner).Select(static run => run.Id).ToList();
        throw new UserErrorException(
            "run_id is missing, and nothing of this report was kept. Only the MCP server that an agent program was started with "
                + "knows its run. "
                + (
                    held.Count > 0
                        ? $"You hold {string.Join(", ", held)}: send the report again with the run_id of the one that " + $"it is about."
                        : "Send the report again with the run_id that stands in the brief's first line."
                )
        );
    }

    // For the person who reads the run: of a sub-agent and its parent, only one was heard. An agent in a loop does not fill the database.
    private async Task NoteAsync(string id, RunReport report, CancellationToken cancellationToken)
    {
        var decisions = await store.DecisionsAsync(id, cancellationToken);
        if (decisions.Count(static one => one.Code == RunDecisionCode.ReportRefused) < MaxNotes)
        {
            await store.TryDecideOnceAsync(
                id,
                time.GetUtcNow(),
                RunReportRules.Refused(report),
                RunDecisionCode.ReportRefused,
                cancellationToken
            );
        }
    }

    private static void Check(RunReport report)
    {
        if (report.Outcome is not (RunState.Succeeded or RunState.Failed or RunState.NeedsInput))
        {
            throw new UserErrorException($"outcome is '{report.Outcome.Name()}' and must be succeeded, failed or needs_input.");
        }

        if (string.IsNullOrWhiteSpace(report.Summary))
        {
            throw new UserErrorException("summary is empty. Say what was done and how it is known to be done, or why it was not done.");
        }

        if (report.Outcome == RunState.NeedsInput && report.Questions.Count == 0)
        {
            throw new UserErrorException(
                "outcome is needs_input but there are no questions. Name what a person has to answer " + "in questions."
            );
        }
    }

    private async Task<Run> FindAsync(string id, CancellationToken cancellationToken) =>
        (RunId.IsWellFormed(id) ? await store.FindAsync(id, cancellationToken) : null)
        ?? throw new UserErrorException($"There is no run '{id}'. {ToolNames.ListRuns} shows the ids of the latest.");

    private void Keep(Run run, RunReport report)
    {
        try
        {
            RunFolder.Of(paths.Run(run.Id), run.Attempt).Write(report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The report stands in the database; the copy is for the day on which that is damaged.
        }
    }

    private RunReport Clean(RunReport report) =>
        new(
            report.Outcome,
            redactor.Redact(report.Summary),
            [.. report.Findings.Select(redactor.Redact)],
            [.. report.FollowUps.Select(redactor.Redact)],
            [.. report.Questions.Select(redactor.Redact)]
        );
}
