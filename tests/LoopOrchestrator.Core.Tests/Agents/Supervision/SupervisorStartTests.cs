using System.Text;
using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class SupervisorStartTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameStart()
    {
        var start = SupervisorStart.Create();

        SupervisorStart.Read(new MemoryStream(start.Line)).Should().Be(start);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n")]
    public void Read_ServerEndedBeforeItGaveAll_IsNone(string told) =>
        SupervisorStart.Read(new MemoryStream(Encoding.ASCII.GetBytes(told))).Should().BeNull();

    [Fact]
    public void Create_Twice_SharesNothing()
    {
        var (one, other) = (SupervisorStart.Create(), SupervisorStart.Create());

        (one.Id, one.Secret, one.Hash).Should().NotBe((other.Id, other.Secret, other.Hash));
        new[] { one.Id, one.Secret, one.Hash }.Should().NotIntersectWith([other.Id, other.Secret, other.Hash]);
        one.Hash.Should().NotContain(one.Secret);
    }

    [Fact]
    public void Proof_AnySecret_IsThatOfTheStartAlone()
    {
        var start = SupervisorStart.Create();
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, 0);

        OutcomeProof.Of(start.Hash).IsShownBy(outcome with { Secret = start.Secret }).Should().BeTrue();
        foreach (var secret in new[] { null, "", start.Id, start.Hash, SupervisorStart.Create().Secret })
        {
            OutcomeProof.Of(start.Hash).IsShownBy(outcome with { Secret = secret }).Should().BeFalse();
        }

        OutcomeProof.Of(null).IsShownBy(outcome with { Secret = start.Secret }).Should().BeFalse("the database knows of no start");
        OutcomeProof.NotNeeded.IsShownBy(outcome).Should().BeTrue();
    }
}
