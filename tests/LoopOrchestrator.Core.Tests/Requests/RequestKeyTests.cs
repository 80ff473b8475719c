using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;

namespace LoopOrchestrator.Core.Tests.Requests;

public sealed class RequestKeyTests
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    // Each differs from each other one in what it asks for.
    private static readonly (string Name, object? Value)[][] Different =
    [
        [],
        [("a", "")],
        [("a", "x")],
        [("b", "x")],
        [("a", "x"), ("b", "y")],
        [("a", "xb"), ("y", "")],
        [("a", (string[])["x"])],
        [("a", (string[])["x", "y"])],
        [("a", (string[])["xy"])],
        [("a", (string[])[])],
        [("a", 1)],
        [("a", true)],
        [("a", Moment)],
        [("a", Moment.AddTicks(1))],
    ];

    [Fact]
    public void Digest_OfDifferentArguments_IsAnotherOne() =>
        Different.Select(static arguments => RequestKey.Of("t", "id", arguments)!.Digest).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Digest_OfTheSameCall_IsTheSame()
    {
        var key = RequestKey.Of("t", "id", ("a", "x"), ("b", null), ("c", Moment))!;

        RequestKey.Of("t", "id", ("a", "x"), ("c", Moment.ToOffset(TimeSpan.FromHours(2))), ("d", null))!.Digest.Should().Be(key.Digest);
        RequestKey.Of("t", "id", [])!.Hash.Should().Be(key.Hash).And.NotContain("id");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("\u007f")]
    public void Of_AnIdThatCannotBeOne_IsRefused(string id)
    {
        var making = () => RequestKey.Of("t", id, []);

        making.Should().Throw<UserErrorException>().WithMessage("*1 to 128 letters*UUID*");
    }

    [Fact]
    public void Of_TheLongestIdAndNone_AreTaken()
    {
        RequestKey.Of("t", new string('~', RequestKey.MaxLength), []).Should().NotBeNull();
        RequestKey.Of("t", null, []).Should().BeNull();
        FluentActions
            .Invoking(static () => RequestKey.Of("t", new string('~', RequestKey.MaxLength + 1), []))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*129 characters*");
    }

    [Fact]
    public void Derive_WithoutTheIdOrWhatWasRecorded_GivesSomethingElse()
    {
        var key = RequestKey.Of("t", "id", [])!;

        new[]
        {
            key.Derive("note", "a lease"),
            key.Derive("note", "another"),
            key.Derive("other", "a lease"),
            RequestKey.Of("t", "other", [])!.Derive("note", "a lease"),
        }
            .Should()
            .OnlyHaveUniqueItems()
            .And.AllSatisfy(static token => token.Should().MatchRegex("^[0-9a-f]{32}$"));
        RequestKey.Of("t", "id", ("a", 1))!.Derive("note", "a lease").Should().Be(key.Derive("note", "a lease"));
    }
}
