using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// The time limit of work on items of the plan (priority <c>todo</c>): an hour, unless somebody has said why one piece of it needs more.
/// Pure.
/// </summary>
internal static class TodoLimit
{
    /// <summary>The limit in seconds.</summary>
    public const int Seconds = 3600;

    private const int MaxReasonLength = 500;

    /// <summary>The time limit of a run, and what is to be recorded about it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="standard">The limit in seconds where the request names none.</param>
    /// <returns>The seconds; and the end of a sentence about why they are more than usual, empty where they are not.</returns>
    /// <exception cref="UserErrorException">
    /// It is to be more than an hour without a reason, or a reason is given that nothing needs.
    /// </exception>
    public static (int Seconds, string Why) Of(RunRequest request, int standard)
    {
        var reason = request.TimeoutExemption?.ReplaceLineEndings(" ").Trim() ?? "";
        if (request.Priority != RunPriority.Todo)
        {
            return reason.Length == 0
                ? (request.TimeoutSeconds ?? standard, "")
                : throw new UserErrorException(
                    $"timeout_exemption is for priority todo, whose limit is {Seconds} s; this run has priority "
                        + $"{request.Priority.Name()} and needs none. Leave it out."
                );
        }

        var wanted = request.TimeoutSeconds ?? Math.Min(standard, Seconds);
        return wanted <= Seconds ? (wanted, "")
            : reason.Length == 0
                ? throw new UserErrorException(
                    $"timeout_seconds is {wanted}, and work of priority todo has {Seconds} at most. Ask for less, or say "
                        + "in timeout_exemption why this one needs more; the reason is recorded."
                )
            : (
                wanted,
                $"; its time limit is {wanted} s instead of the {Seconds} s of priority todo, because: "
                    + $"{TextCut.Head(reason, MaxReasonLength)}"
            );
    }
}
