using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Memory;

/// <summary>How large the memory file may become before its oldest entries are archived.</summary>
public sealed record MemoryLimits
{
    /// <summary>The least that <see cref="MaxLines"/> may be.</summary>
    public const int MinLineLimit = 100;

    /// <summary>The most that <see cref="MaxLines"/> may be.</summary>
    public const int MaxLineLimit = 1000;

    /// <summary>The least that <see cref="MaxBytes"/> may be: the largest entry and its surroundings must fit.</summary>
    public const int MinByteLimit = 16 * 1024;

    /// <summary>The most that <see cref="MaxBytes"/> may be: 1 MiB, which agents would still have to read.</summary>
    public const int MaxByteLimit = 1024 * 1024;

    /// <summary>Sets the limits.</summary>
    /// <param name="maxLines">Lines, 100 to 1,000; 300 by default.</param>
    /// <param name="maxBytes">Bytes, from 16 KiB to 1 MiB; 64 KiB by default, because lines can be of any length.</param>
    /// <exception cref="UserErrorException">A limit is out of its range.</exception>
    public MemoryLimits(int maxLines = 300, int maxBytes = 64 * 1024)
    {
        MaxLines = maxLines is >= MinLineLimit and <= MaxLineLimit
            ? maxLines
            : throw new UserErrorException($"The memory's line limit is {maxLines}; it must be from {MinLineLimit} to {MaxLineLimit}.");
        MaxBytes = maxBytes is >= MinByteLimit and <= MaxByteLimit
            ? maxBytes
            : throw new UserErrorException($"The memory's byte limit is {maxBytes}; it must be from {MinByteLimit} to {MaxByteLimit}.");
    }

    /// <summary>The most lines.</summary>
    public int MaxLines { get; }

    /// <summary>The most bytes.</summary>
    public int MaxBytes { get; }
}
