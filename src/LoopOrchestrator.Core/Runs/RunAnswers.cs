using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Takes the answers to what runs have asked. Safe for many threads and processes.</summary>
internal sealed class RunAnswers(IRunStore store, RunReader reader, Redactor redactor, TimeProvider time, Action wake)
{
    /// <summary>Answers the questions of a run that needs input: it goes on with its next attempt, whose brief holds the answers.</summary>
    /// <param name="id">The run.</param>
    /// <param name="answers">The answers in the order of the questions; one at least, none blank.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The run has no open questions, or an answer is missing.</exception>
    public async Task<Run> AnswerAsync(string id, IReadOnlyList<string> answers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var run = await reader.GetAsync(id, cancellationToken);
        if (answers.Count < Math.Max(1, run.Questions.Count) && run.State == RunState.NeedsInput || answers.Any(string.IsNullOrWhiteSpace))
        {
            throw new UserErrorException(
                $"Run {id} has {run.Questions.Count} question(s), and each needs an answer, in their order: "
                    + $"{string.Join(" ", run.Questions.Select(static (question, index) => $"({index + 1}) {question}"))}"
            );
        }

        if (!await store.TryAnswerAsync(id, [.. answers.Select(redactor.Redact)], time.GetUtcNow(), cancellationToken))
        {
            run = await reader.GetAsync(id, cancellationToken);
            if (run.CycleId is { } cycle && (await reader.GetAsync(cycle, cancellationToken)).State.HasEnded())
            {
                throw new UserErrorException(
                    $"Run {id} is a step of cycle {cycle}, which has ended, so an answer would lead nowhere. Start the work again instead."
                );
            }

            throw new UserErrorException(
                $"Run {id} is {run.State.Name()} and asks nothing; only a run that is needs_input can be answered. "
                    + $"{ToolNames.ListRuns} with state needs_input shows them."
            );
        }

        wake();
        return await reader.GetAsync(id, cancellationToken);
    }
}
