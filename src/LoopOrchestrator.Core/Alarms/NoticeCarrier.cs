using System.ComponentModel;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>Starts the command, or posts to the address, of an entry of <c>notices</c>.</summary>
/// <param name="paths">Where the workspace is.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="variable">The value of a variable of this process.</param>
internal sealed class NoticeCarrier(WorkspacePaths paths, TimeProvider time, Func<string, string?> variable) : INoticeCarrier, IDisposable
{
    /// <summary>The header with the signature of what is posted.</summary>
    public const string SignatureHeader = "X-Loop-Signature";

    /// <summary>The header with what tells one that comes twice.</summary>
    public const string DeliveryHeader = "X-Loop-Delivery";

    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(10);

    // Made by the first post: most processes never send one. No redirection: the address is the one that a person has seen.
    private readonly Lazy<HttpClient> _client = new(static () =>
        new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan }
    );

    /// <inheritdoc/>
    public async Task<string?> CarryAsync(NoticeTarget target, string id, byte[] notice, CancellationToken cancellationToken)
    {
        var limit = target.Webhook is null ? CommandLimit : PostLimit;
        using var source = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(source.Token, cancellationToken);
        try
        {
            return target.Webhook is null
                ? await OutsideCommand.RunAsync(paths, target.Command, notice, time, both.Token)
                : await PostAsync(target, id, notice, both.Token);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    /// <summary>The value of <see cref="SignatureHeader"/>: HMAC-SHA256 over the bytes of the body.</summary>
    internal static string Sign(string secret, byte[] body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private async Task<string?> PostAsync(NoticeTarget target, string id, byte[] notice, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(notice);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Webhook) { Content = content };
        request.Headers.Add(DeliveryHeader, id);
        if (target.SecretVariable is { } name)
        {
            // Whoever checks signatures would drop what has none: it is told here, where somebody can mend it.
            if (variable(name) is not { Length: > 0 } secret)
            {
                return $"the variable {name} with the secret of its signature is not set in the environment of the server";
            }

            request.Headers.Add(SignatureHeader, Sign(secret, notice));
        }

        using var response = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"the address answered {(int)response.StatusCode}";
    }
}
