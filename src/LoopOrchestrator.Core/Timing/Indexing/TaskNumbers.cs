using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Numbers the tasks' texts in the order of their first appearance, without keeping the texts: they are known by a cryptographic hash.
/// </summary>
/// <param name="known">How many the index has.</param>
/// <param name="find">Asks the index for one.</param>
internal sealed class TaskNumbers(int known, Func<UInt128, int?> find)
{
    private readonly Dictionary<UInt128, int> _numbers = [];
    private int _added;

    /// <summary>Those that the index has not, by their hash.</summary>
    public IEnumerable<KeyValuePair<UInt128, int>> Added => _numbers.Where(entry => entry.Value >= known);

    /// <summary>How many there are by now.</summary>
    public int Count => known + _added;

    /// <summary>The number of a task, a new one where it needs one.</summary>
    public int Number(string task)
    {
        var hash = Hash(task);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, hash, out var isKnown);
        if (!isKnown)
        {
            number = (known > 0 ? find(hash) : null) ?? known + _added++;
        }

        return number;
    }

    /// <summary>What a task's text is known by.</summary>
    public static UInt128 Hash(string task)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(task.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>What an open start's task is found by; the row itself tells for certain.</summary>
    public static long ShortHash(string task) => (long)(ulong)(Hash(task) >> 64);
}
