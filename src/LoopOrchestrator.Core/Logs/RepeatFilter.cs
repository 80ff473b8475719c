using System.Collections.Concurrent;

namespace LoopOrchestrator.Core.Logs;

/// <summary>
/// Lets the same trouble be logged once: a full disk lasts, and a line every two seconds would help to fill it. Trouble that is over, or
/// other trouble, is logged again. Safe for many threads.
/// </summary>
public sealed class RepeatFilter
{
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    /// <summary>Whether this is other than what was logged last.</summary>
    /// <param name="trouble">What is to be logged.</param>
    /// <param name="about">What it is about, where one filter serves several: a run, a schedule.</param>
    public bool IsNew(string trouble, string about = "")
    {
        if (_last.TryGetValue(about, out var last) && last == trouble)
        {
            return false;
        }

        _last[about] = trouble;
        return true;
    }

    /// <summary>The trouble is over.</summary>
    /// <param name="about">What it was about.</param>
    public void Clear(string about = "") => _last.TryRemove(about, out _);
}
