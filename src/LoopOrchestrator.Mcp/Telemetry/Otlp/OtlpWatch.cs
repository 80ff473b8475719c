using System.Globalization;
using LoopOrchestrator.Core.Logs;

namespace LoopOrchestrator.Mcp.Telemetry.Otlp;

/// <summary>
/// Sends, and tells what the library keeps to itself: that a collector is not there or refuses. Follows no redirection: the address that a
/// person has seen is the one that gets it.
/// </summary>
/// <param name="failed">Is told why, each reason once until something is sent.</param>
internal sealed class OtlpWatch(Action<string> failed) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private readonly RepeatFilter _trouble = new();

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(base.Send(request, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Report(exception.Message);
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
            Report(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Seen(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            _trouble.Clear();
        }
        else
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}"));
        }

        return response;
    }

    private void Report(string error)
    {
        if (_trouble.IsNew(error))
        {
            failed(error);
        }
    }
}
