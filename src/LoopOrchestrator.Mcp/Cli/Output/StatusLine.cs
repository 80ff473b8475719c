using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>The status in one line, for the status line of a terminal, a prompt or an editor.</summary>
internal static class StatusLine
{
    private const int MaxName = 30;

    /// <summary>What is not as it should be, what goes on, what comes next; without anything that could steer a terminal.</summary>
    public static string Of(WorkspaceStatus status)
    {
        var life = status.Life;
        var parts = new List<string>();
        if (life.Missing > 0)
        {
            parts.Add($"{life.Missing} due without outcome");
        }
        else if (!life.IsAlive)
        {
            parts.Add("nothing fires");
        }

        if (status.Attention.Count > 0)
        {
            parts.Add($"{status.Attention.Count} {(status.Attention.Count == 1 ? "needs" : "need")} you");
        }

        if (parts.Count == 0)
        {
            parts.Add("all well");
        }

        parts.Add($"{status.Running.Count} running");
        if (status.Queued.Count > 0)
        {
            parts.Add($"{status.Queued.Count} waiting");
        }

        if (life is { FiringSince: not null, NextAt: { } next, NextName: { } name })
        {
            parts.Add(
                $"next {SafeText.Escape(TextCut.Shorten(name, MaxName))} {(next <= status.At ? "now" : RelativeTime.Of(next, status.At))}"
            );
        }

        return $"loop: {string.Join(", ", parts)}";
    }
}
