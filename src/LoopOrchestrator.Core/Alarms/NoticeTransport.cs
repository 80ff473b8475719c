using System.Net.Http.Headers;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// Carries something to a command or an address that the configuration names, in bounded time. What goes wrong with it is an answer and
/// no exception, so that whoever counts tries counts each. Safe for many threads.
/// </summary>
/// <param name="paths">Where the workspace is.</param>
/// <param name="time">The clock of the limits.</param>
internal sealed class NoticeTransport(WorkspacePaths paths, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(10);

    // Made by the first post: most processes never send one. No redirection: the address is the one that a person has seen.
    private readonly Lazy<HttpClient> _client = new(static () =>
        new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan }
    );

    /// <summary>Starts a command with the notice on its standard input.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="notice">The notice as JSON.</param>
    /// <param name="cancellationToken">Gives it up; that alone is thrown.</param>
    /// <returns>Why it was not taken, or <see langword="null"/> when it was.</returns>
    public Task<string?> RunAsync(IReadOnlyList<string> command, byte[] notice, CancellationToken cancellationToken) =>
        TryAsync(CommandLimit, token => OutsideCommand.RunAsync(paths, command, notice, time, token), cancellationToken);

    /// <summary>Posts the notice to an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="headers">What goes with it.</param>
    /// <param name="notice">The notice as JSON.</param>
    /// <param name="cancellationToken">Gives it up; that alone is thrown.</param>
    /// <inheritdoc cref="RunAsync"/>
    public Task<string?> PostAsync(
        Uri address,
        IReadOnlyDictionary<string, string> headers,
        byte[] notice,
        CancellationToken cancellationToken
    ) => TryAsync(PostLimit, token => SendAsync(address, headers, notice, token), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<string?> TryAsync(
        TimeSpan limit,
        Func<CancellationToken, Task<string?>> carry,
        CancellationToken cancellationToken
    )
    {
        using var source = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(source.Token, cancellationToken);
        try
        {
            return await carry(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not end within {limit.TotalSeconds:0} s";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.Message;
        }
    }

    private async Task<string?> SendAsync(
        Uri address,
        IReadOnlyDictionary<string, string> headers,
        byte[] notice,
        CancellationToken cancellationToken
    )
    {
        using var content = new ByteArrayContent(notice);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"the address answered {(int)response.StatusCode}";
    }
}
