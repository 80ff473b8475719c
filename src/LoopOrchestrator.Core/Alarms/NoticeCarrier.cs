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

    private readonly NoticeTransport _transport = new(paths, time);

    /// <inheritdoc/>
    public async Task<string?> CarryAsync(NoticeTarget target, string id, byte[] notice, CancellationToken cancellationToken)
    {
        if (target.Webhook is not { } address)
        {
            return await _transport.RunAsync(target.Command, notice, cancellationToken);
        }

        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [DeliveryHeader] = id };
        if (target.SecretVariable is { } name)
        {
            // Whoever checks signatures would drop what has none: it is told here, where somebody can mend it.
            if (variable(name) is not { Length: > 0 } secret)
            {
                return $"the variable {name} with the secret of its signature is not set in the environment of the server";
            }

            headers[SignatureHeader] = Sign(secret, notice);
        }

        return await _transport.PostAsync(address, headers, notice, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <summary>The value of <see cref="SignatureHeader"/>: HMAC-SHA256 over the bytes of the body.</summary>
    internal static string Sign(string secret, byte[] body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";
}
