using System.Buffers.Binary;
using System.Text;

namespace LoopOrchestrator.Core.Tests.Scheduling.Zones;

/// <summary>
/// A zone as its file has it (RFC 8536): the table of changes, and behind its end what the rule in the last line says. In seconds since
/// 1970. Shares nothing with the product, the framework or Cronos, which read the same files.
/// </summary>
internal sealed class ZoneFile
{
    private const int HeaderLength = 44;
    private const int FirstYear = 2021;
    private const int LastYear = 2033;

    private ZoneFile(IReadOnlyList<(long At, long Offset)> stretches) => Stretches = stretches;

    /// <summary>From when which offset holds, in order; the first from long ago.</summary>
    public IReadOnlyList<(long At, long Offset)> Stretches { get; }

    public static ZoneFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes[4] < (byte)'2')
        {
            throw new InvalidDataException($"{path} has no times of 64 bits");
        }

        var first = Counts(bytes);
        bytes = bytes[(HeaderLength + DataLength(first, timeLength: 4))..];
        var counts = Counts(bytes);
        var data = bytes[HeaderLength..];
        var times = data[..(counts.Times * 8)];
        var indexes = data.Slice(counts.Times * 8, counts.Times);
        var types = data.Slice(counts.Times * 9, counts.Types * 6);
        var stretches = new List<(long At, long Offset)> { (long.MinValue, OffsetOf(types, 0)) };
        for (var index = 0; index < counts.Times; index++)
        {
            stretches.Add((BinaryPrimitives.ReadInt64BigEndian(times[(index * 8)..]), OffsetOf(types, indexes[index])));
        }

        var rule = Encoding.ASCII.GetString(data[DataLength(counts, timeLength: 8)..]).Trim('\n');
        stretches.AddRange(ZoneFooter.Changes(rule, FirstYear, LastYear).Where(change => change.At > stretches[^1].At).ToList());
        return new ZoneFile(Merge(stretches));
    }

    private static List<(long At, long Offset)> Merge(List<(long At, long Offset)> stretches)
    {
        var merged = new List<(long At, long Offset)>();
        foreach (var stretch in stretches)
        {
            if (merged.Count == 0 || merged[^1].Offset != stretch.Offset)
            {
                merged.Add(stretch);
            }
        }

        return merged;
    }

    private static long OffsetOf(ReadOnlySpan<byte> types, int index) => BinaryPrimitives.ReadInt32BigEndian(types[(index * 6)..]);

    private static (int IsUtc, int IsStandard, int Leaps, int Times, int Types, int Letters) Counts(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith("TZif"u8))
        {
            throw new InvalidDataException("this is no zone file");
        }

        var numbers = new int[6];
        for (var index = 0; index < numbers.Length; index++)
        {
            numbers[index] = BinaryPrimitives.ReadInt32BigEndian(header[(20 + (index * 4))..]);
        }

        return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    private static int DataLength((int IsUtc, int IsStandard, int Leaps, int Times, int Types, int Letters) counts, int timeLength) =>
        (counts.Times * (timeLength + 1))
        + (counts.Types * 6)
        + counts.Letters
        + (counts.Leaps * (timeLength + 4))
        + counts.IsStandard
        + counts.IsUtc;
}
