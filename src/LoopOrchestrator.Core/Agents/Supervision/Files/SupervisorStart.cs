using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// One start of a supervisor, and what it shows at its end to be believed. The secret goes to it over its standard input and nowhere else:
/// not into its order, its arguments or its environment. The database keeps only its hash, so that nobody who reads the one or the other
/// can make an outcome that counts.
/// </summary>
/// <param name="Id">Distinguishes this start from others of the same folder; stands in the order.</param>
/// <param name="Secret">What stands in the outcome.</param>
internal sealed record SupervisorStart(string Id, string Secret)
{
    /// <summary>The longest line of a start, in bytes.</summary>
    public const int MaxBytes = 256;

    private const int IdDigits = 16;
    private const int SecretDigits = 64;

    /// <summary>What the database keeps: the SHA-256 of the secret in hexadecimal digits.</summary>
    public string Hash => HashOf(Secret);

    /// <summary>What the supervisor reads from its standard input, up to its end.</summary>
    public byte[] Line => Encoding.ASCII.GetBytes($"{Id} {Secret}\n");

    /// <summary>A start that nobody can guess.</summary>
    public static SupervisorStart Create() =>
        new(
            RandomNumberGenerator.GetHexString(IdDigits, lowercase: true),
            RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)
        );

    /// <summary>Reads a start. <see langword="null"/> when it is none: the server that was to give it ended first.</summary>
    /// <param name="input">The supervisor's standard input; read to its end.</param>
    public static SupervisorStart? Read(Stream input)
    {
        Span<byte> buffer = stackalloc byte[MaxBytes];
        var length = 0;
        while (length < buffer.Length && input.Read(buffer[length..]) is var count && count > 0)
        {
            length += count;
        }

        return
            length > 0
            && buffer[length - 1] == '\n'
            && Encoding.ASCII.GetString(buffer[..(length - 1)]).Split(' ') is [{ Length: IdDigits } id, { Length: SecretDigits } secret]
            ? new SupervisorStart(id, secret)
            : null;
    }

    /// <summary>The hash of what an outcome shows.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
