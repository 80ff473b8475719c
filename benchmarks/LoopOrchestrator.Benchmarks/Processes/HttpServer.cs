using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>A server over HTTP on a free port of the loopback address, in a process of its own. Disposal ends it and waits.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const string Listening = "Listening on ";
    private const string Revision = "2026-07-28";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _client;

    private HttpServer(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Guard };

        // A server whose words nobody reads stops when the pipe is full.
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Where it listens.</summary>
    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts the program in a folder, which is its workspace too, and waits until it listens.</summary>
    public static Task<HttpServer> StartAsync(ServerProgram program, string folder, CancellationToken cancellationToken) =>
        StartAsync(program.Http, folder, cancellationToken);

    /// <summary>Starts a server that says where it listens, as ours does.</summary>
    public static async Task<HttpServer> StartAsync(ServerCommand command, string folder, CancellationToken cancellationToken)
    {
        var process = command.Start(folder);
        while (await process.StandardError.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Guard, cancellationToken) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                return new HttpServer(process, new Uri(line[Listening.Length..]));
            }
        }

        throw new BenchmarkException("The server ended before it listened.");
    }

    /// <summary>Starts a server that is told where to listen, and waits until it does.</summary>
    public static async Task<HttpServer> StartAsync(ServerCommand command, string folder, int port, CancellationToken cancellationToken)
    {
        var server = new HttpServer(command.Start(folder), new Uri($"http://127.0.0.1:{port}"));
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(10, cancellationToken))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return server;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < Guard)
            {
                // Not yet.
            }
        }
    }

    /// <summary>A port of the loopback address that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>How long a page takes by its own word (<c>Server-Timing</c>), to its last byte, and how many bytes it has.</summary>
    /// <exception cref="BenchmarkException">It was not answered with a page.</exception>
    public async Task<PageFigures> PageAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        var start = Stopwatch.GetTimestamp();
        using var answer = await _client.SendAsync(request, cancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var timing = answer.Headers.TryGetValues("Server-Timing", out var values) ? string.Join(", ", values) : "";
        var total = timing.Split("total;dur=").Skip(1).FirstOrDefault();
        return answer.IsSuccessStatusCode && total is not null
            ? new PageFigures(double.Parse(total, CultureInfo.InvariantCulture), whole, bytes)
            : throw new BenchmarkException($"{path} was answered with {(int)answer.StatusCode} and the timing '{timing}'.");
    }

    /// <summary>How long a call of a tool takes to its answer, in milliseconds.</summary>
    /// <exception cref="BenchmarkException">It was refused.</exception>
    public async Task<double> CallAsync(string tool, CancellationToken cancellationToken)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = new JsonObject(),
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = Revision,
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                    ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "benchmark", ["version"] = "1" },
                },
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/mcp", UriKind.Relative))
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Revision);
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", tool);
        var start = Stopwatch.GetTimestamp();
        using var answer = await _client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer.IsSuccessStatusCode && text.Contains("\"content\"", StringComparison.Ordinal)
            ? whole
            : throw new BenchmarkException($"{tool} was answered with {(int)answer.StatusCode}: {text[..Math.Min(text.Length, 300)]}");
    }

    /// <summary>How many bytes a file has.</summary>
    public async Task<long> LengthAsync(string path, CancellationToken cancellationToken) =>
        (await _client.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellationToken)).Length;

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
