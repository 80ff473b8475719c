using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>
/// A server over stdio in a process of its own, spoken to in lines of JSON-RPC written by hand, so that no client library is measured
/// with it. Calls may be made at the same time. Disposal closes its input, as a client does, and waits for its end.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan AnswerGuard = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ExitGuard = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly bool _endsWithInput;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _pending = new();
    private int _lastId;

    private Server(ServerCommand command, string folder)
    {
        _endsWithInput = command.EndsWithInput;
        _process = command.Start(folder);
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts the program in a folder, which is its workspace too.</summary>
    public static Server Start(ServerProgram program, string folder, params IEnumerable<string> arguments) =>
        Start(program.Stdio(arguments), folder);

    /// <summary>Starts any server over stdio in a folder.</summary>
    public static Server Start(ServerCommand command, string folder) => new(command, folder);

    /// <summary>Opens the session.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await RequestAsync(
            "initialize",
            """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"loop-bench","version":"1"}}""",
            cancellationToken
        );
        await WriteAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", cancellationToken);
    }

    /// <summary>Calls a tool and returns its structured answer.</summary>
    /// <exception cref="BenchmarkException">The tool answered with an error.</exception>
    public async Task<JsonObject> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        var result = await RequestAsync(
            "tools/call",
            new JsonObject { ["name"] = tool, ["arguments"] = arguments }.ToJsonString(),
            cancellationToken
        );
        return result["isError"]?.GetValue<bool>() == true || result["structuredContent"] is not JsonObject content
            ? throw new BenchmarkException($"{tool} answered: {result.ToJsonString()}")
            : content;
    }

    /// <summary>Sends a request and waits for its result.</summary>
    public async Task<JsonObject> RequestAsync(string method, string parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        await WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""", cancellationToken);
        var first = await Task.WhenAny(answer.Task, _reading).WaitAsync(AnswerGuard, cancellationToken);
        if (first == _reading && !answer.Task.IsCompleted)
        {
            throw new BenchmarkException($"The server ended before it answered {method}. It said: {await _errors}");
        }

        var message = await answer.Task;
        return message["result"] as JsonObject ?? throw new BenchmarkException($"{method} was answered with {message.ToJsonString()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_endsWithInput)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _process.WaitForExitAsync().WaitAsync(ExitGuard);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _writing.Dispose();
    }

    private async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // Notifications have no id and nobody waits for them.
            if (
                JsonNode.Parse(line) is JsonObject message
                && message["id"] is { } id
                && _pending.TryRemove(id.GetValue<int>(), out var answer)
            )
            {
                answer.TrySetResult(message);
            }
        }
    }
}
