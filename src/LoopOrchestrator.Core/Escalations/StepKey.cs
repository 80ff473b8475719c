using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>
/// Which step a run belongs to: the work whose consecutive failures are counted. A schedule is one; without it, mode and task are.
/// </summary>
internal static class StepKey
{
    /// <summary>The step of a run.</summary>
    public static string Of(Run run) => Of(run.ScheduleId, run.Mode, run.Task);

    /// <summary>The step of work that is asked for.</summary>
    public static string Of(string? scheduleId, string mode, string task) =>
        scheduleId is not null
            ? $"schedule:{scheduleId}"
            : $"mode:{mode}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Normalise(task))))[..16]}";

    /// <summary>A task without what makes no difference: case and spacing.</summary>
    public static string Normalise(string task) =>
        string.Join(' ', task.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}
