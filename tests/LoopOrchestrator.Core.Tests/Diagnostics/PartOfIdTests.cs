using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Diagnostics;

public sealed class PartOfIdTests
{
    private const string First = "run-20260102-030405-1a2b3c4d";
    private const string Second = "run-20260102-030405-9a8b7c6d";

    [Theory]
    [InlineData("1a2b3c4d", First)]
    [InlineData("3c4d", First)]
    [InlineData("run-…3c4d", First)]
    [InlineData("run-...3c4d", First)]
    [InlineData("run-20260102-030405-1a", First)]
    [InlineData("run-20…3c4d", First)]
    [InlineData("xyz", null)]
    [InlineData("0304", null)]
    [InlineData("", null)]
    [InlineData("run-20260102-030405-1a2b3c4d-", null)]
    [InlineData("run-20260102-030405-1a2b3c4d…1a2b3c4d", null)]
    public void Choose_APartOfOne_IsTheOne(string text, string? expected) => Choose(text, First, Second).Should().Be(expected);

    [Theory]
    [InlineData("run-", "fits more than one run", First, Second)]
    [InlineData("d", "fits more than one run", First, Second)]
    [InlineData("c4d", "'c4d' is too short for the run", First, Second)]
    [InlineData("run-…c4d", "too short for the run", First, Second)]
    [InlineData("run-202", "too short for the run", First)]
    [InlineData("run-", "too short for the run", First)]
    [InlineData("r", "write at least 4 characters of its id", First)]
    public void Choose_APartThatNamesNoOne_IsAnError(string text, string expected, params string[] ids)
    {
        var choose = () => Choose(text, ids);

        choose.Should().Throw<UserErrorException>().Which.Message.Should().Contain(expected).And.Contain(First);
    }

    [Fact]
    public void Choose_APartOfMany_NamesSome()
    {
        var ids = Enumerable.Range(0, 9).Select(static number => $"run-2026000{number}").ToArray();
        var choose = () => Choose("run-2026", ids);

        choose.Should().Throw<UserErrorException>().Which.Message.Should().Contain($"{ids[4]}, …").And.NotContain(ids[5]);
    }

    [Theory]
    [InlineData("next", "next-step")]
    [InlineData("step", "next-step")]
    [InlineData("nex", null)]
    public void Choose_AnIdWithoutAPrefix_CountsFromItsBeginning(string text, string? expected)
    {
        var choose = () => new PartOfId(text, "schedule", prefix: "").Choose(["next-step"]);

        if (expected is null)
        {
            choose.Should().Throw<UserErrorException>().WithMessage("*too short for the schedule next-step*");
        }
        else
        {
            choose().Should().Be(expected);
        }
    }

    private static string? Choose(string text, params string[] ids)
    {
        var part = new PartOfId(text, "run", prefix: "run-");
        return part.Choose([.. ids.Where(part.Fits)]);
    }
}
