using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Every kind of run, every caller, every state: who may report it, and what everybody else is told to do.</summary>
public sealed class RunReportRulesTests
{
    private const string Taken = "";
    private const string Earlier = "earlier-token";
    private const string Current = "current-token";

    private static readonly RunCaller Client = RunCaller.OfSession("the client");
    private static readonly RunCaller OtherSession = RunCaller.OfSession("another");
    private static readonly RunCaller OtherProcess = new() { Owner = "1:2:another boot" };

    /// <summary>How the run is begun: by whom, and what is kept of that.</summary>
    public enum Begun
    {
        Command,
        Cycle,
        Program,
        OlderProgram,
        ByClient,
        Claimed,
        OlderHandOff,
        OlderClaim,
    }

    public enum Caller
    {
        OwnAgent,
        OwnAgentOverHttp,
        IdAlone,
        Holder,
        HolderWithToken,
        PreviousHolder,
        BystanderStdio,
        BystanderHttp,
        BystanderWithoutSession,
        Guesser,
        Command,
        AgentOfAnotherRun,
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Refuse_RunningRun_TakesItsAgentOrHolderAlone(Begun begun, Caller caller)
    {
        var said = Refuse(Running(begun), caller);

        if (Expected(begun, caller) is { Length: > 0 } refusal)
        {
            said.Should().Contain(refusal);
        }
        else
        {
            said.Should().BeNull();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Refuse_EndedRun_TakesNobody(Begun begun, Caller caller)
    {
        var run = Running(begun) with { State = RunState.Succeeded, Reason = "reported by its agent" };

        Refuse(run, caller)
            .Should()
            .Contain(
                begun switch
                {
                    Begun.Command => "exit code decides",
                    Begun.Cycle => "is a cycle",
                    _ => "has ended already",
                }
            );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Refuse_QueuedRun_TakesNobodyAndSaysHowItComesToSomebody(Begun begun, Caller caller)
    {
        var run = Running(begun) with { State = RunState.Queued, Lease = null };
        var isLate = caller is Caller.HolderWithToken or Caller.OwnAgentOverHttp or Caller.OwnAgent;

        Refuse(run, caller, allEnded: true)
            .Should()
            .Contain(
                begun switch
                {
                    Begun.Command => "exit code decides",
                    Begun.Cycle => "is a cycle",
                    _ when isLate && begun is not (Begun.OlderProgram or Begun.OlderHandOff) => "too late",
                    _ when caller == Caller.PreviousHolder => "too late",
                    Begun.Program or Begun.OlderProgram => "is started by itself",
                    _ => "claim_run first",
                }
            );
    }

    [Theory]
    [InlineData(Begun.Program, Caller.BystanderHttp)]
    [InlineData(Begun.ByClient, Caller.BystanderHttp)]
    [InlineData(Begun.Claimed, Caller.BystanderHttp)]
    [InlineData(Begun.Claimed, Caller.Guesser)]
    public void Refuse_AnyReport_SaysThatNothingOfItIsKept(Begun begun, Caller caller) =>
        Refuse(Running(begun), caller).Should().Contain("Nothing of this report was kept");

    [Fact]
    public void Refuse_AgentThatNamesAnotherRun_IsToldItsOwn() =>
        Refuse(Running(Begun.Program), Caller.AgentOfAnotherRun)
            .Should()
            .Contain("Your own run is run-20260302-000000-00000009: leave run_id out");

    private static string Expected(Begun begun, Caller caller) =>
        (begun, caller) switch
        {
            (Begun.Command, _) => "exit code decides",
            (Begun.Cycle, _) => "is a cycle",
            (_, Caller.PreviousHolder) => "too late",
            (Begun.Program, Caller.OwnAgent or Caller.OwnAgentOverHttp or Caller.HolderWithToken) => Taken,
            (Begun.OlderProgram, Caller.OwnAgent or Caller.IdAlone) => Taken,
            (Begun.Program or Begun.OlderProgram, _) => "only that program may report it",
            (Begun.OlderHandOff, Caller.HolderWithToken or Caller.Guesser or Caller.OwnAgentOverHttp) => "Leave lease_token out",
            (Begun.OlderHandOff, _) => Taken,
            (_, Caller.HolderWithToken or Caller.OwnAgentOverHttp or Caller.OwnAgent) => Taken,
            (Begun.ByClient, Caller.Holder) => Taken,
            (_, Caller.Guesser) => "is not the one",
            (Begun.ByClient, _) => "taken by another client",
            _ => "Give the lease_token",
        };

    private static string? Refuse(Run run, Caller caller, bool allEnded = false)
    {
        var own = new RunCaller { RunId = run.Id, RunToken = Current };
        var (who, token) = caller switch
        {
            Caller.OwnAgent => (own, null),
            Caller.OwnAgentOverHttp => (RunCaller.Unknown, Current),
            Caller.IdAlone => (own with { RunToken = null }, null),
            Caller.Holder => (Client, null),
            Caller.HolderWithToken => (OtherSession, Current),
            Caller.PreviousHolder => (Client, Earlier),
            Caller.BystanderStdio => (OtherProcess, null),
            Caller.BystanderHttp => (OtherSession, null),
            Caller.Guesser => (OtherSession, "guessed"),
            Caller.AgentOfAnotherRun => (new RunCaller { RunId = "run-20260302-000000-00000009", RunToken = "its own" }, null),
            _ => (RunCaller.Unknown, (string?)null),
        };
        RunAttempt[] attempts =
        [
            new()
            {
                Number = 1,
                StartedAt = TestAgents.Moment,
                EndedAt = TestAgents.Moment,
                Reason = "the lease expired",
                LeaseToken = LeaseTokens.Hash(Earlier),
            },
            new()
            {
                Number = 2,
                StartedAt = TestAgents.Moment,
                EndedAt = allEnded ? TestAgents.Moment : null,
                Reason = "ended",
                LeaseToken = run.AgentKind is AgentKind.Cli or AgentKind.Handoff && run.Summary is null ? LeaseTokens.Hash(Current) : null,
            },
        ];
        return RunReportRules.Refuse(run, who, token, attempts);
    }

    private static Run Running(Begun begun)
    {
        var kind = begun switch
        {
            Begun.Command => AgentKind.Command,
            Begun.Program or Begun.OlderProgram => AgentKind.Cli,
            _ => AgentKind.Handoff,
        };
        var lease = new RunLease(LeaseTokens.Hash(Current));
        var run = TestAgents.Run(kind: kind);
        return run with
        {
            Agent = begun == Begun.Cycle ? null : run.Agent,
            AgentKind = begun == Begun.Cycle ? null : kind,
            Workflow = begun == Begun.Cycle ? "default" : null,
            Attempt = 2,
            AttemptStartedAt = TestAgents.Moment,

            // Of those that were begun without a lease, the attempt has none either.
            Summary = begun is Begun.OlderProgram or Begun.OlderHandOff ? "older" : null,
            Lease = begun switch
            {
                Begun.Program => lease with { Kind = LeaseKind.Agent },
                Begun.ByClient => lease with { Kind = LeaseKind.Client, Owner = Client.Owner },
                Begun.Claimed => lease with { Kind = LeaseKind.Claim, Owner = Client.Owner },
                Begun.OlderClaim => new RunLease(Current),
                _ => null,
            },
        };
    }

    public static TheoryData<Begun, Caller> All
    {
        get
        {
            var all = new TheoryData<Begun, Caller>();
            foreach (var begun in Enum.GetValues<Begun>())
            {
                foreach (var caller in Enum.GetValues<Caller>())
                {
                    all.Add(begun, caller);
                }
            }

            return all;
        }
    }
}
