using System.Globalization;

namespace LoopOrchestrator.Mcp.Telemetry.Otlp;

/// <summary>
/// Sends, and tells what the library keeps to itself: that a collector is not there or refuses. Follows no redirection: the address that a
/// person has seen is the one that gets it.
/// </summary>
/// <param name="report">Is told why something was not sent, and <see langword="null"/> when something was.</param>
internal sealed class OtlpWatch(Action<string?> report) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(base.Send(request, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            report(exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            report(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Seen(HttpResponseMessage response)
    {
        report(
            response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}")
        );
        return response;
    }
}
