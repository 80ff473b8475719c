using System.Runtime.InteropServices;
using System.Text;
using LoopOrchestrator.Mcp.Bootstrap;

namespace LoopOrchestrator.Mcp.Cli.Watching;

/// <summary>
/// Draws the same thing again and again over itself, on a screen of its own, until it is ended. Each frame is one write, line over line,
/// and nothing is cleared before it: so nothing flickers. The terminal is as it was behind it, with the last frame printed.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="size">How large it is.</param>
/// <param name="time">The clock.</param>
internal sealed class ScreenLoop(TextWriter output, Func<ScreenSize> size, TimeProvider time)
{
    /// <summary>After this long it is drawn without a change: what is told of moments moves on.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>More often than this it is never drawn.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);

    private const string Begin = "\e[?1049h\e[?25l";
    private const string End = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string RestOfLine = "\e[K";
    private const string RestOfScreen = "\e[J";

    /// <summary>Draws until Ctrl+C, or until whoever ends processes wants it to end.</summary>
    /// <param name="frame">Makes the text for a width; nothing in it may steer the terminal beyond its colours.</param>
    /// <param name="watch">Calls back when something may have changed, until it is disposed of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunUntilSignalAsync(
        Func<int, CancellationToken, Task<string>> frame,
        Func<Action, IDisposable> watch,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ends);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ends);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ends);
        await RunAsync(frame, watch, ending.Token);

        void Ends(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }

    /// <summary>As above, until cancelled only.</summary>
    public async Task RunAsync(
        Func<int, CancellationToken, Task<string>> frame,
        Func<Action, IDisposable> watch,
        CancellationToken cancellationToken
    )
    {
        var changed = new SemaphoreSlim(0, 1);
        var last = "";
        using var watching = watch(() => Release(changed));
        Write(Begin);
        try
        {
            while (true)
            {
                last = await frame(size().Width, cancellationToken);
                Write(Draw(last, size().Height));
                await Task.Delay(Shortest, time, cancellationToken);
                await WaitAsync(changed, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
        finally
        {
            Write(End);
        }

        Write(last);
    }

    private static string Draw(string frame, int height)
    {
        var lines = frame.TrimEnd('\n').Split('\n');
        var text = new StringBuilder(Home);
        var shown = lines.Length <= height ? lines : [.. lines.Take(height - 1), $"… {lines.Length - height + 1} more lines"];
        text.AppendJoin($"{RestOfLine}\r\n", shown);
        return text.Append(RestOfLine).Append(RestOfScreen).ToString();
    }

    private async Task WaitAsync(SemaphoreSlim changed, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed.WaitAsync(limit.Token), Task.Delay(Longest, time, limit.Token));
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void Release(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is to be drawn already.
        }
    }

    private void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }
}
