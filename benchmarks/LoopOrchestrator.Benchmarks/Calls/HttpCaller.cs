using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>A client over HTTP with a session and a connection of its own, which stays open.</summary>
internal sealed class HttpCaller : Caller
{
    private readonly Socket _socket;
    private readonly AnswerReader _reader;
    private readonly string _authority;
    private string? _session;

    /// <summary>Connects and opens the session.</summary>
    public HttpCaller(Uri address)
    {
        _authority = address.Authority;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(address.Host, address.Port);
        _reader = new AnswerReader(new NetworkStream(_socket));
        Initialize();
    }

    /// <inheritdoc/>
    public override void Dispose() => _socket.Dispose();

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Exchange(byte[] message, ReadOnlySpan<byte> id)
    {
        var body = Post(message);

        // As a stream of events the message stands in the line of its data.
        foreach (var range in body.Span.Split((byte)'\n'))
        {
            var line = body[range];
            if (line.Span.IndexOf(id) >= 0)
            {
                return line.Span.StartsWith("data: "u8) ? line["data: ".Length..] : line;
            }
        }

        throw new BenchmarkException($"A call was answered with {Encoding.UTF8.GetString(body.Span)}");
    }

    /// <inheritdoc/>
    protected override void Notify(byte[] message) => Post(message);

    private ReadOnlyMemory<byte> Post(byte[] message)
    {
        var head =
            $"POST /mcp HTTP/1.1\r\nHost: {_authority}\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\n"
            + (_session is null ? "" : $"MCP-Protocol-Version: {Revision}\r\nMcp-Session-Id: {_session}\r\n")
            + $"Content-Length: {message.Length}\r\n\r\n";
        _socket.Send([.. Encoding.ASCII.GetBytes(head), .. message]);
        var status = Encoding.ASCII.GetString(_reader.ReadLine().Span);
        int? length = null;
        for (var line = Header(); line.Length > 0; line = Header())
        {
            if (Value(line, "Content-Length:") is { } count)
            {
                length = int.Parse(count, CultureInfo.InvariantCulture);
            }

            _session = Value(line, "Mcp-Session-Id:") ?? _session;
        }

        var body = length is { } known ? _reader.Read(known) : Chunks();
        return status.StartsWith("HTTP/1.1 20", StringComparison.Ordinal)
            ? body
            : throw new BenchmarkException($"A call was answered with {status}: {Encoding.UTF8.GetString(body.Span)}");
    }

    private ReadOnlyMemory<byte> Chunks()
    {
        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse(Header(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            body.AddRange(_reader.Read(size).Span);
            _reader.ReadLine();
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private string Header() => Encoding.ASCII.GetString(_reader.ReadLine().Span);

    private static string? Value(string line, string name) =>
        line.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? line[name.Length..].Trim() : null;
}
