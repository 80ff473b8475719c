using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>Names objects as git does: by the digest of kind, length and content.</summary>
internal static class ObjectId
{
    private const int Sha256Length = 64;
    private const int PartLength = 64 * 1024;

    /// <summary>The id of an object.</summary>
    /// <param name="like">Any id of the same repository: its length says by which digest.</param>
    public static string Of(string kind, ReadOnlySpan<byte> content, string like)
    {
        using var digest = Digest(like);
        digest.AppendData(Head(kind, content.Length));
        digest.AppendData(content);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Whether a stream holds, to its end, the content of a file's object.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsOf(string id, Stream content)
    {
        var length = content.Length;
        using var digest = Digest(id);
        digest.AppendData(Head("blob", length));
        var part = new byte[Math.Min(PartLength, length + 1)];
        var total = 0L;
        while (content.Read(part) is > 0 and var read)
        {
            total += read;
            digest.AppendData(part, 0, read);
        }

        return total == length && Convert.ToHexStringLower(digest.GetHashAndReset()) == id;
    }

    private static IncrementalHash Digest(string like) =>
        IncrementalHash.CreateHash(like.Length == Sha256Length ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);

    // What stands before the content in the digest.
    private static byte[] Head(string kind, long length) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {length}\0"));
}
