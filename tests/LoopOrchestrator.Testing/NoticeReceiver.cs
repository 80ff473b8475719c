using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LoopOrchestrator.Testing;

/// <summary>A receiver of notices on a free port, which answers as a test says.</summary>
internal sealed class NoticeReceiver : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<Request> _requests = new();

    public NoticeReceiver()
        : this(Listen()) { }

    /// <summary>One that takes over where a test has listened until now; it ends that listener.</summary>
    public NoticeReceiver(TcpListener listener)
    {
        _listener = listener;
        Address = AddressOf(listener);
        Served = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What came, in its order.</summary>
    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>The status that is answered; <see langword="null"/> for never.</summary>
    public int? Status { get; set; } = 204;

    /// <summary>Is released with each request that has come whole.</summary>
    public SemaphoreSlim Came { get; } = new(0);

    private Task Served { get; }

    /// <summary>Listens on a free port, and takes nothing of what comes.</summary>
    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>What is configured for notices to come to a listener.</summary>
    public static Uri AddressOf(TcpListener listener) =>
        new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook?key=mine");

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
        Came.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closes = client;
        try
        {
            var stream = client.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _ending.Token) == 1)
            {
                head.Append((char)one[0]);
            }

            var headers = head.ToString()
                .Split("\r\n")
                .Skip(1)
                .Where(static line => line.Contains(": ", StringComparison.Ordinal))
                .ToDictionary(
                    static line => line[..line.IndexOf(": ", StringComparison.Ordinal)],
                    static line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..],
                    StringComparer.OrdinalIgnoreCase
                );
            var length = headers.GetValueOrDefault("Content-Length", "0");
            var body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, _ending.Token);
            _requests.Enqueue(new Request(headers, body));
            Came.Release();
            if (Status is not { } status)
            {
                await Task.Delay(Timeout.Infinite, _ending.Token);
                return;
            }

            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                _ending.Token
            );
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test is over, or the caller has gone.
        }
    }

    internal sealed record Request(IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
