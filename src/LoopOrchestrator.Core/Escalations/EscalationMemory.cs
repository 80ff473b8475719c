using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>
/// Writes what an escalation leaves in the memory: at its begin the context, the failed commands in order and the last output; and,
/// once a run of the step has succeeded again, what succeeded. What cannot be written stays owed.
/// </summary>
internal sealed partial class EscalationMemory(
    IEscalationStore escalations,
    IRunStore runs,
    MemoryStore memory,
    ILogger<EscalationMemory> logger
)
{
    private const string Category = "command-failure";
    private const int MaxRuns = 10;
    private const int MaxCommandLength = 200;
    private const int MaxReasonLength = 300;
    private const int MaxOutputLength = 1500;
    private const int MaxListLength = 3000;

    /// <summary>Whether anything is owed.</summary>
    public async Task<bool> IsOwedAsync(CancellationToken cancellationToken = default) =>
        (await escalations.OwedAsync(cancellationToken)).Count > 0;

    /// <summary>Writes all that is owed. To be called by one at a time over all processes.</summary>
    public async Task WriteOwedAsync(CancellationToken cancellationToken = default)
    {
        foreach (var escalation in await escalations.OwedAsync(cancellationToken))
        {
            try
            {
                if (escalation.MemoryPending)
                {
                    await AppendAsync(escalation, await DescribeAsync(escalation, cancellationToken), escalation.Since, cancellationToken);
                    await escalations.ClearOwedAsync(escalation.Id, recovery: false, cancellationToken);
                }

                if (escalation.RecoveryPending)
                {
                    await AppendAsync(
                        escalation,
                        await DescribeRecoveryAsync(escalation, cancellationToken),
                        (await runs.FindAsync(escalation.RecoveredRunId!, cancellationToken))?.EndedAt,
                        cancellationToken
                    );
                    await escalations.ClearOwedAsync(escalation.Id, recovery: true, cancellationToken);
                }
            }
            catch (UserErrorException exception)
            {
                Log.StillOwed(logger, escalation.Id, exception.Message);
            }
        }
    }

    private ValueTask<MemoryAppendResult> AppendAsync(
        Escalation escalation,
        string text,
        DateTimeOffset? foundAt,
        CancellationToken cancellationToken
    ) =>
        memory.AppendAsync(
            new MemoryAppend(MemorySection.Commands, Fit(text), Category, escalation.Mode, FoundAt: foundAt),
            cancellationToken
        );

    private async Task<string> DescribeAsync(Escalation escalation, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        string? output = null;
        foreach (var id in escalation.Runs.TakeLast(MaxRuns))
        {
            foreach (var attempt in await runs.AttemptsAsync(id, cancellationToken))
            {
                lines.Add(
                    $"- {id}, attempt {attempt.Number}: {Command(attempt)}: {attempt.Outcome?.Name() ?? "not ended"}, "
                        + $"{TextCut.Shorten(attempt.Reason ?? "", MaxReasonLength)}"
                );
            }

            output = (await runs.FindAsync(id, cancellationToken))?.Summary ?? output;
        }

        while (lines.Sum(static line => line.Length) > MaxListLength)
        {
            lines.RemoveAt(0);
        }

        return $"Command Failure (escalation {escalation.Id}): {TextCut.Shorten(escalation.Reason, MaxReasonLength)}\nContext: "
            + $"{Context(escalation)}\nFailed commands, in order:\n{string.Join('\n', lines)}\nLast output: "
            + $"{(output is null ? "none" : Tail(output))}";
    }

    private async Task<string> DescribeRecoveryAsync(Escalation escalation, CancellationToken cancellationToken)
    {
        var failed = new List<string>();
        foreach (var id in escalation.Runs.TakeLast(MaxRuns))
        {
            failed.AddRange((await runs.AttemptsAsync(id, cancellationToken)).Select(Command));
        }

        var attempts = await runs.AttemptsAsync(escalation.RecoveredRunId!, cancellationToken);
        var text =
            $"Command Failure Recovery (escalation {escalation.Id}): Context: {Context(escalation)}, Failed commands: "
            + $"[{string.Join(", ", failed.TakeLast(MaxRuns).Select(static command => $"'{command}'"))}], "
            + $"Successful command: {(attempts.Count == 0 ? "unknown" : Command(attempts[^1]))} (run {escalation.RecoveredRunId})";
        return escalation.Note is { } note ? $"{text}\nResolved with the note: {TextCut.Shorten(note, MaxOutputLength)}" : text;
    }

    // What the memory would refuse for good must not be owed for ever.
    private static string Fit(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MemoryStore.MaxContentBytes)
        {
            text = TextCut.Shorten(text, text.Length * 9 / 10);
        }

        return text;
    }

    private static string Context(Escalation escalation) =>
        $"{(escalation.ScheduleId is { } schedule ? $"schedule '{schedule}', " : "")}mode {escalation.Mode}, task "
        + $"\"{RunTitle.Of(escalation.Task)}\"";

    private static string Command(RunAttempt attempt) => TextCut.Shorten(attempt.Command ?? "hand-off", MaxCommandLength);

    private static string Tail(string text) =>
        text.Length <= MaxOutputLength ? text : string.Concat("… ", TextCut.Tail(text, MaxOutputLength));

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.EscalationEntryPending,
            LogLevel.Warning,
            "The memory entry of escalation {Escalation} could not be written and is tried again: {Error}"
        )]
        public static partial void StillOwed(ILogger logger, long escalation, string error);
    }
}
