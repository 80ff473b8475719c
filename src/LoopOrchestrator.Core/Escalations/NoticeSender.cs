using System.ComponentModel;
using System.Net.Http.Headers;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Files;

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
            return isCommand
                ? await OutsideCommand.RunAsync(paths, channels.Command, notice, time, both.Token)
                : await PostAsync(channels.Webhook!, notice, both.Token);
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
}
