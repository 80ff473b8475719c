using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>Starts the command, or posts to the address, that the configuration names.</summary>
internal sealed class NoticeSender(WorkspacePaths paths, EscalationChannels channels, TimeProvider time) : INoticeSender, IDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(10);

    // Made by the first post: most processes never send one. No redirection: the address is the one that the configuration names.
    private readonly Lazy<HttpClient> _client = new(static () =>
        new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan }
    );

    public async Task<string?> SendAsync(string channel, byte[] notice, CancellationToken cancellationToken)
    {
        var isCommand = channel == EscalationChannels.CommandChannel;
        if (isCommand ? channels.Command.Count == 0 : channels.Webhook is null)
        {
            return $"escalation.{channel} is not configured any more";
        }

        var limit = isCommand ? CommandLimit : PostLimit;
        using var source = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(source.Token, cancellationToken);
        try
        {
            return isCommand ? await StartAsync(notice, both.Token) : await PostAsync(channels.Webhook!, notice, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not end within {limit.TotalSeconds:0} s";
        }
        catch (Exception exception) when (exception is HttpRequestException or Win32Exception or IOException)
        {
            return exception.Message;
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<string?> PostAsync(Uri address, byte[] notice, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(notice);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var response = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"the address answered {(int)response.StatusCode}";
    }

    private async Task<string?> StartAsync(byte[] notice, CancellationToken cancellationToken)
    {
        var search = ExecutableFinder.Find(channels.Command[0], paths.Root);
        if (search.Path is not { } program)
        {
            return $"the program '{channels.Command[0]}' was not found (looked at: {search.Places})";
        }

        var start = new ProcessStartInfo(program, channels.Command.Skip(1))
        {
            WorkingDirectory = paths.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in RunEnvironment.Withheld)
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        try
        {
            // What it prints goes nowhere, and must not make it wait: least of all may it reach the stream that a client reads.
            var output = Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken),
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken)
            );
            await FeedAsync(process, notice, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken));
            return process.ExitCode == 0 ? null : $"it ended with exit code {process.ExitCode}";
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task FeedAsync(Process process, byte[] notice, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await input.WriteAsync(notice, cancellationToken);
        }
        catch (IOException)
        {
            // It does not read its input; that is its own affair.
        }
    }
}
