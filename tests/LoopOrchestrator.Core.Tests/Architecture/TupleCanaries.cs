// Members that only show each place of a tuple; nobody calls them.
#pragma warning disable CA1812, CA1852, CA1822, CA1051, S1104, S2325, IDE0051, IDE0060, S1172, S1144

namespace LoopOrchestrator.Core.Tests.Architecture;

internal class TupleCanaries : List<(int Left, int Right)>
{
    public TupleCanaries((int Left, int Right) pair) => Field = pair;

    protected readonly (int Left, int Right) Field;

    public (int Left, int Right) Property => Field;

    public (int Left, int Right) Returned() => Field;

    public (int Left, int Right)? Nullable() => null;

    public Task<(int Left, int Right)> Promised() => Task.FromResult(Field);

    public IReadOnlyList<(int Left, int Right)[]> Listed() =>
        [
            [Field],
        ];

    public void Taken(ReadOnlySpan<(string Name, object? Value)> pairs) => _ = pairs.Length;

    public void TakenByReference(out Tuple<int, int> pair) => pair = Tuple.Create(Field.Left, Field.Right);

    public IReadOnlyDictionary<string, int> None() => new Dictionary<string, int>(StringComparer.Ordinal);

    protected (int Left, int Right) Inherited() => Field;

    private (int Left, int Right) Own() => Field;
}
