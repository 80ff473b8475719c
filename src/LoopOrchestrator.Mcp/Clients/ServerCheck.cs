using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Bootstrap;

namespace LoopOrchestrator.Mcp.Clients;

/// <summary>
/// Starts a server by the command and the variables of an entry, as its client will, and asks it who it is and which tools it has. The
/// process is ended before this returns.
/// </summary>
internal sealed class ServerCheck(TimeProvider time)
{
    private const int MaxErrorText = 2000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    // What clients hand on: the least that any of them does, and what no program of a system does without.
    private static readonly string[] HandedOn =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TERM",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "TZ",
        "SystemRoot",
        "SystemDrive",
        "windir",
        "ComSpec",
        "PATHEXT",
        "TEMP",
        "TMP",
        "USERNAME",
        "USERPROFILE",
        "HOMEDRIVE",
        "HOMEPATH",
        "APPDATA",
        "LOCALAPPDATA",
        "ProgramData",
        "ProgramFiles",
    ];

    /// <summary>Starts it.</summary>
    /// <param name="server">What the entry says; a command.</param>
    /// <param name="folder">The folder in which the client starts it.</param>
    /// <param name="cancellationToken">Ends the process and the wait.</param>
    public async Task<ServerCheckResult> RunAsync(ClientServer server, string folder, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        var begin = time.GetTimestamp();
        using var process = new Process { StartInfo = StartInfo(server, folder) };
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => Remember(errors, line.Data);
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return new ServerCheckResult(null, 0, $"{server.Command[0]} cannot be started: {exception.Message}");
        }

        process.BeginErrorReadLine();
        TimeSpan? first = null;
        try
        {
            var name = await AskAsync(process, Initialize, 1, static result => NameOf(result), limit.Token);
            first = time.GetElapsedTime(begin);
            if (name != Product.Name)
            {
                return new ServerCheckResult(first, 0, $"it says that it is '{name}' and not '{Product.Name}'");
            }

            await SendAsync(process, Initialized, limit.Token);
            var tools = await AskAsync(process, ListTools, 2, static result => result.GetProperty("tools").GetArrayLength(), limit.Token);
            return new ServerCheckResult(first, tools, tools == 0 ? "it lists no tools" : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServerCheckResult(first, 0, $"it did not answer within {Limit.TotalSeconds:0} s{Said(errors)}");
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new ServerCheckResult(first, 0, $"{exception.Message.TrimEnd('.')}{Said(errors)}");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static string Initialize =>
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"""
        + $"\"protocolVersion\":\"{Product.HandshakeRevisions[^1]}\",\"clientInfo\":{{\"name\":\"{Product.Name}-install\","
        + $"\"version\":\"{Product.Version}\"}}}}}}";

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string ListTools = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";

    private static ProcessStartInfo StartInfo(ClientServer server, string folder)
    {
        var start = new ProcessStartInfo(server.Command[0])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in server.Command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var name in HandedOn)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<T> AskAsync<T>(
        Process process,
        string request,
        int id,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken
    )
    {
        await SendAsync(process, request, cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (
                message.RootElement.TryGetProperty("id", out var answered)
                && answered.ValueKind is JsonValueKind.Number
                && answered.GetInt32() == id
                && !message.RootElement.TryGetProperty("method", out _)
            )
            {
                return message.RootElement.TryGetProperty("result", out var result)
                    ? read(result)
                    : throw new InvalidOperationException($"it answered with an error: {TextCut.Shorten(line, 300)}");
            }
        }

        throw new IOException("it ended without an answer");
    }

    private static async Task SendAsync(Process process, string message, CancellationToken cancellationToken)
    {
        await process.StandardInput.WriteAsync((message + "\n").AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
    }

    private static string NameOf(JsonElement result) => result.GetProperty("serverInfo").GetProperty("name").GetString() ?? "";

    private async Task EndAsync(Process process)
    {
        try
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(EndLimit, time);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void Remember(StringBuilder errors, string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Length < MaxErrorText)
            {
                errors.Append(' ').Append(TextCut.Shorten(line, 300));
            }
        }
    }

    private static string Said(StringBuilder errors)
    {
        lock (errors)
        {
            return errors.Length == 0 ? "" : $"; it said:{errors}";
        }
    }
}
