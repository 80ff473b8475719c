using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>
/// One client, that makes a call and waits for its answer. It blocks its thread and parses no answer: it shares the processors with what
/// it measures, and is to take as little of them as it can. For one thread.
/// </summary>
internal abstract class Caller : IDisposable
{
    /// <summary>The revision that all servers are spoken to in.</summary>
    protected const string Revision = "2025-11-25";

    private int _lastId;

    /// <summary>Calls a tool without arguments, and returns the message with its answer, overwritten by the next call.</summary>
    /// <exception cref="BenchmarkException">It was refused.</exception>
    public ReadOnlyMemory<byte> Call(string tool) => Request("tools/call", $$$"""{"name":"{{{tool}}}","arguments":{}}""");

    /// <summary>Calls a tool, and returns the result in its answer as it was written.</summary>
    public string ResultOf(string tool)
    {
        using var message = JsonDocument.Parse(Call(tool));
        return message.RootElement.GetProperty("result").GetRawText();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Opens the session.</summary>
    protected void Initialize()
    {
        var parameters = $$$"""{"protocolVersion":"{{{Revision}}}","capabilities":{},"clientInfo":{"name":"loop-bench","version":"1"}}""";
        Request("initialize", parameters);
        Notify("""{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray());
    }

    /// <summary>Sends a message, and returns the one that answers it.</summary>
    /// <param name="message">One with an id.</param>
    /// <param name="id">How the answer writes it.</param>
    protected abstract ReadOnlyMemory<byte> Exchange(byte[] message, ReadOnlySpan<byte> id);

    /// <summary>Sends a message that is not answered.</summary>
    protected abstract void Notify(byte[] message);

    private ReadOnlyMemory<byte> Request(string method, string parameters)
    {
        var id = ++_lastId;
        var message = $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";
        var answer = Exchange(Encoding.UTF8.GetBytes(message), Encoding.UTF8.GetBytes($"\"id\":{id}"));
        return answer.Span.IndexOf("\"result\":"u8) >= 0 && answer.Span.IndexOf("\"isError\":true"u8) < 0
            ? answer
            : throw new BenchmarkException($"{method} was answered with {Encoding.UTF8.GetString(answer.Span)}");
    }
}
