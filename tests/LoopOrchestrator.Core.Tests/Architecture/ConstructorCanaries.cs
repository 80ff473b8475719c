// Types that only show how many parameters a constructor has; nobody makes one.
#pragma warning disable CA1812, MA0008, CS9113, MA0048, S107, S2326, IDE0060, CA1823

namespace LoopOrchestrator.Core.Tests.Architecture;

internal sealed class SevenCanary(int a, int b, int c, int d, int e, int f, int g);

internal sealed class EightCanary
{
    private EightCanary(int a, int b, int c, int d, int e, int f, int g, int h) => Sum = a + b + c + d + e + f + g + h;

    public int Sum { get; }
}

internal sealed record EightRecord(int A, int B, int C, int D, int E, int F, int G, int H);

internal readonly record struct EightRecordStruct(int A, int B, int C, int D, int E, int F, int G, int H);
