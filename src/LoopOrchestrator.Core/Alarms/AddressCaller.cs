namespace LoopOrchestrator.Core.Alarms;

/// <summary>Calls addresses over HTTP: no redirection is followed, since the address is the one that a person has seen.</summary>
/// <param name="time">The clock.</param>
internal sealed class AddressCaller(TimeProvider time) : IAddressCaller, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Made by the first call: most processes never make one.
    private readonly Lazy<HttpClient> _client = new(static () =>
        new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan }
    );

    /// <inheritdoc/>
    public async Task<string?> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.Value.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return response.IsSuccessStatusCode ? null : $"the address answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the address did not answer within {Limit.TotalSeconds:0} s";
        }
        catch (HttpRequestException exception)
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
}
