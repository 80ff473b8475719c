using System.Diagnostics;

namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>Appends rows to a file of its own and syncs them, over and over: what the disk allows a single writer.</summary>
internal sealed class SyncLoop(string path, byte[] row, int rows) : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    private readonly byte[] _piece = Enumerable.Repeat(row, rows).SelectMany(static row => row).ToArray();
    private long _length;

    /// <summary>Goes on for that long, adds how many milliseconds each write and its sync took, and gives the rows per second.</summary>
    public double Run(TimeSpan turn, List<double> times)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(start) < turn; count++)
        {
            var call = Stopwatch.GetTimestamp();
            RandomAccess.Write(_file, _piece, _length);
            RandomAccess.FlushToDisk(_file);
            _length += _piece.Length;
            times.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
        }

        return count * rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _file.Dispose();
}
