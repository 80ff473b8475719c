using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Tests.Secrets;

public sealed class SecretShapesTests
{
    private static readonly Redactor Redactor = new([]);

    public static TheoryData<string> Prefixes => [.. SecretShapes.All.Select(static shape => shape.Prefix)];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Redact_AShapeAtItsLeast_IsTakenOutAndOneThatIsShorterStays(string prefix)
    {
        var shape = SecretShapes.All.Single(one => one.Prefix == prefix);
        var kept = shape.KeepsPrefix ? prefix : "";

        Redactor.Redact($"a {prefix}{Body(shape, shape.Min)} b").Should().Be($"a {kept}[redacted:{shape.Kind}] b");
        var shorter = $"a {prefix}{Body(shape, shape.Min - 1)} b";
        Redactor.Redact(shorter).Should().Be(shorter);
    }

    [Fact]
    public void All_Shapes_NameWhereAndWhenTheyWereLookedUp() =>
        SecretShapes
            .All.Should()
            .OnlyContain(static shape => shape.Source.Document.StartsWith("https://") && shape.Source.LookedAt >= new DateOnly(2026, 1, 1));

    [Fact]
    public void All_Prefixes_AreThereOnce() => SecretShapes.All.Select(static shape => shape.Prefix).Should().OnlyHaveUniqueItems();

    // Put together here, so that no file holds anything that looks real.
    private static string Body(SecretShape shape, int length) =>
        shape.Dots == 0 ? string.Concat(Enumerable.Repeat("A1", length))[..length] : $"A.1.{new string('A', length - 4)}";
}
