using System.Diagnostics;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>A server over HTTP on a free port of the loopback address, in a process of its own. Disposal ends it and waits.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const string Listening = "Listening on ";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _client;

    private HttpServer(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Guard };

        // A server whose words nobody reads stops when the pipe is full.
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program in a folder, which is its workspace too, and waits until it listens.</summary>
    public static async Task<HttpServer> StartAsync(ServerProgram program, string folder, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program.Path, ["--mode", "http", "--port", "0", "--trust-workspace"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (var name in info.Environment.Keys.Where(static name => name.StartsWith("LOOP_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        var process = Process.Start(info)!;
        while (await process.StandardError.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Guard, cancellationToken) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                return new HttpServer(process, new Uri(line[Listening.Length..]));
            }
        }

        throw new BenchmarkException("The server ended before it listened.");
    }

    /// <summary>How long <c>/health/ready</c> takes to answer, whatever it says, in milliseconds.</summary>
    public async Task<double> ReadinessAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await _client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
