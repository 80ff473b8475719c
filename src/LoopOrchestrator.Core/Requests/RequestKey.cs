using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Requests;

/// <summary>
/// What a caller named one call of a tool by, so that he can ask again when the answer did not come: the tool, his request id, and a digest
/// of what was asked for. Whoever knows the id gets the answer, so only a hash of it is kept.
/// </summary>
public sealed class RequestKey
{
    /// <summary>The longest request id in characters.</summary>
    public const int MaxLength = 128;

    private const char First = '!';
    private const char Last = '~';

    private readonly string _id;

    private RequestKey(string tool, string id, string digest)
    {
        Tool = tool;
        _id = id;
        Digest = digest;
        Hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>The tool; each has request ids of its own.</summary>
    public string Tool { get; }

    /// <summary>What is kept of the request id.</summary>
    internal string Hash { get; }

    /// <summary>What is kept of the arguments.</summary>
    internal string Digest { get; }

    /// <summary>The key of a call.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="id">The request id; a call without one is done each time.</param>
    /// <param name="arguments">
    /// What the call asks for, by names that stay: texts, numbers, truth values, moments and lists of texts. One without a value counts as
    /// left out.
    /// </param>
    /// <returns>The key, or <see langword="null"/> for a call without a request id.</returns>
    /// <exception cref="UserErrorException">The request id cannot be one.</exception>
    internal static RequestKey? Of(string tool, string? id, params IEnumerable<(string Name, object? Value)> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (id is null)
        {
            return null;
        }

        if (id.Length is 0 or > MaxLength || id.Any(static character => character is < First or > Last))
        {
            throw new UserErrorException(
                $"The request id has {id.Length} characters or one that it may not have; nothing was done. Give 1 to {MaxLength} letters, "
                    + "digits and signs of ASCII without spaces, such as a new UUID for each call, or leave it out."
            );
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in arguments)
        {
            if (value is not null)
            {
                Add(hash, name);
                Add(hash, value);
            }
        }

        return new RequestKey(tool, id, Hex(hash.GetHashAndReset()));
    }

    /// <summary>Refuses a call that is not the one that was recorded under its id.</summary>
    /// <exception cref="UserErrorException">It asks for something else.</exception>
    internal void EnsureSame(RecordedRequest known)
    {
        if (known.Digest != Digest)
        {
            throw new UserErrorException(
                $"The request id '{_id}' stands for a call of {Tool} at {known.CreatedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} with other "
                    + $"arguments{(known.RunId is { } run ? $", about run {run}" : "")}; nothing was done now. To get the answer of that "
                    + "call, repeat it with the arguments that it had; for a new call give a request id of its own."
            );
        }
    }

    /// <summary>Something that only those can make who know the request id and what was recorded with it.</summary>
    /// <param name="note">What was recorded.</param>
    /// <param name="purpose">What it is for.</param>
    /// <returns>128 bits in hexadecimal digits.</returns>
    internal string Derive(string? note, string purpose) =>
        Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_id), Encoding.UTF8.GetBytes($"{note}\n{purpose}")).AsSpan(0, 16));

    // Each with its length in front, so that no two lists of arguments give the same bytes.
    private static void Add(IncrementalHash hash, object? value)
    {
        switch (value)
        {
            case null:
                hash.AppendData("-"u8);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
                hash.AppendData(bytes);
                break;
            case IReadOnlyList<string> list:
                Add(hash, string.Create(CultureInfo.InvariantCulture, $"{list.Count} items"));
                foreach (var item in list)
                {
                    Add(hash, item);
                }

                break;
            case DateTimeOffset moment:
                Add(hash, moment.UtcTicks.ToString(CultureInfo.InvariantCulture));
                break;
            case int or bool:
                Add(hash, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            default:
                throw new ArgumentException($"Arguments of type {value.GetType()} have no digest.", nameof(value));
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
