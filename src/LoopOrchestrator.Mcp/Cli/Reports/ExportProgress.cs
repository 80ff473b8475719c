using System.Globalization;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>
/// How far something is that may take long, in one line of the error stream that is written over: from a second on, and twice a second
/// at the most. Nothing is written where nobody looks.
/// </summary>
/// <param name="error">The error stream.</param>
/// <param name="time">The clock.</param>
/// <param name="isWatched">Whether a person looks at the error stream.</param>
/// <param name="what">What is counted, such as <c>rows</c>.</param>
internal sealed class ExportProgress(TextWriter error, TimeProvider time, bool isWatched, string what) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    // The clock is not asked for each of a million rows.
    private const int Stride = 256;

    private readonly long _begun = time.GetTimestamp();
    private TimeSpan _next = Quiet;
    private long _count;
    private int _width;

    /// <summary>Takes note that so many more are done.</summary>
    public void Add(long count)
    {
        var before = _count / Stride;
        _count += count;
        if (isWatched && (count >= Stride || _count / Stride != before))
        {
            Show();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            error.Write($"\r{new string(' ', _width)}\r");
            error.Flush();
        }
    }

    private void Show()
    {
        var elapsed = time.GetElapsedTime(_begun);
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + Pace;
        var line = string.Create(CultureInfo.InvariantCulture, $"{_count:#,0} {what} …");
        error.Write($"\r{line.PadRight(_width)}");
        error.Flush();
        _width = Math.Max(_width, line.Length);
    }
}
