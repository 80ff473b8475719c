using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Core.Trust;

/// <summary>The digest of a list of texts: each with its length, so that no two lists have the same bytes.</summary>
internal static class TrustDigest
{
    public static string Of(IReadOnlyList<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
