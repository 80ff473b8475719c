using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// The tokens that tell the holder of an attempt from everybody else. Database and run folder keep only a hash: whoever reads those
/// cannot report in the holder's place.
/// </summary>
internal static class LeaseTokens
{
    private const int Digits = 32;
    private const string Prefix = "sha256:";

    /// <summary>A new token: 128 random bits in hexadecimal digits.</summary>
    public static string Create() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>What is kept of a token.</summary>
    public static string Hash(string token) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a token is the one of which this is kept. Version 0.1.0 kept the token itself.</summary>
    public static bool Matches(string? kept, string? token) =>
        kept is not null && token is not null && Equal(kept, kept.StartsWith(Prefix, StringComparison.Ordinal) ? Hash(token) : token);

    private static bool Equal(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
