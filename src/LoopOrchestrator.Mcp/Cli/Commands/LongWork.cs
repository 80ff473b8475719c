using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>
/// Says on a terminal that something goes on which takes longer than a second, in a line that is gone when it is over. What is piped gets
/// nothing of it.
/// </summary>
internal static class LongWork
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for work of a command.</summary>
    /// <param name="session">The command.</param>
    /// <param name="what">What goes on, as the begin of a sentence.</param>
    /// <param name="work">The work.</param>
    public static Task<T> WhileAsync<T>(this CommandSession session, string what, Task<T> work) =>
        WhileAsync(session.Error, session.Workspace.Time, () => what, work);

    /// <summary>As above for work that keeps its thread busy.</summary>
    public static Task<T> WhileAsync<T>(this CommandSession session, string what, Func<T> work) =>
        TerminalWriter.ScreenOf(session.Error) is null ? Task.FromResult(work()) : session.WhileAsync(what, Task.Run(work));

    /// <summary>As above for such work that tells how far it is.</summary>
    /// <param name="session">The command.</param>
    /// <param name="what">What goes on now, as the begin of a sentence; asked by another thread than the work's.</param>
    /// <param name="work">The work.</param>
    public static Task<T> WhileAsync<T>(this CommandSession session, Func<string> what, Func<Task<T>> work) =>
        TerminalWriter.ScreenOf(session.Error) is null ? work() : WhileAsync(session.Error, session.Workspace.Time, what, Task.Run(work));

    /// <summary>As above, wherever it is said.</summary>
    /// <param name="error">Where it is said.</param>
    /// <param name="time">The clock.</param>
    /// <param name="what">What goes on now, as the begin of a sentence.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> WhileAsync<T>(TextWriter error, TimeProvider time, Func<string> what, Task<T> work)
    {
        if (TerminalWriter.ScreenOf(error) is not { } screen)
        {
            return await work;
        }

        var started = time.GetTimestamp();
        var isShown = false;
        try
        {
            while (!await IsDoneAsync(work, time))
            {
                var line = $"{SafeText.Escape(what())}, {ReadableText.Duration(time.GetElapsedTime(started).TotalSeconds)}";
                error.Write($"\r{TextCut.Shorten(line, Math.Max(10, screen().Width - 1))}\e[K");
                error.Flush();
                isShown = true;
            }
        }
        finally
        {
            if (isShown)
            {
                error.Write("\r\e[K");
                error.Flush();
            }
        }

        return await work;
    }

    private static async Task<bool> IsDoneAsync(Task work, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        var done = await Task.WhenAny(work, Task.Delay(Patience, time, stop.Token)) == work;
        await stop.CancelAsync();
        return done;
    }
}
