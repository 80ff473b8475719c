using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Requests;

/// <summary>Runs that are asked for with a request id, and their reports.</summary>
public sealed class RequestedRunTests : IDisposable
{
    private static readonly RunReport Done = new(RunState.Succeeded, "It is done.", [], [], []);

    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RunCaller Client { get; } = new() { Owner = "a client" };

    private static RunRequest Asked { get; } =
        new("code", "Do it.")
        {
            Agent = "handoff",
            RequestId = "8d1b",
            Caller = Client,
        };

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Request_AskedAgain_IsTheSameRunAsItStands()
    {
        var request = Asked with { Agent = TestWorkspace.Checks };
        var run = await RequestAsync(request);
        await _test.RunPassAsync();
        _test.Restart();

        var again = await RequestAsync(request);

        again.Should().Match<Run>(now => now.Id == run.Id && now.State == RunState.Running);
        await RunsAreAsync(1);
        (await RefusalAsync(() => RequestAsync(request with { Task = "Do something else." })))
            .Should()
            .Contain("other arguments")
            .And.Contain(run.Id);
        await RunsAreAsync(1);
    }

    [Theory]
    [InlineData("the call is entered")]
    [InlineData("it is taken")]
    [InlineData("nothing")]
    public async Task Request_HandOffCutOffBehindAnyCommit_IsTheCallersWithOneToken(string last)
    {
        var commits = last switch
        {
            "the call is entered" => 1,
            "it is taken" => 2,
            _ => int.MaxValue,
        };
        _test.Workspace.Database.AfterCommit = () =>
        {
            if (--commits == 0)
            {
                throw new KilledException();
            }
        };
        string? first = null;
        try
        {
            first = (await RequestAsync(Asked)).LeaseToken;
        }
        catch (KilledException)
        {
            _test.Restart();
            if (last == "it is taken")
            {
                // Neither start row nor brief were written: the watcher gives it back.
                (await RequestAsync(Asked)).LeaseToken.Should().BeNull("nobody knows yet whether it was begun");
                await _test.PassAfterAsync(TimeSpan.FromHours(1));
            }
        }

        var run = await RequestAsync(Asked);

        run.State.Should().Be(RunState.Running);
        run.LeaseToken.Should().NotBeNull().And.Be(first ?? run.LeaseToken);
        (await RequestAsync(Asked)).LeaseToken.Should().Be(run.LeaseToken);
        _test.Workspace.Runs.Brief(run).Should().Contain("Do it.");
        await RunsAreAsync(1);
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, RunCaller.Unknown, run.LeaseToken, cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Request_HandOffAskedForFromElsewhere_GoesOnThereAsAClaim()
    {
        var first = await RequestAsync(Asked);
        _test.Restart();

        var again = await RequestAsync(Asked with { Caller = new RunCaller { Owner = "the client in its next session" } });

        again.LeaseToken.Should().Be(first.LeaseToken);
        again.Lease!.Kind.Should().Be(LeaseKind.Claim, "its silence counts from now on");
        (await RequestAsync(Asked with { Caller = Client })).LeaseToken.Should().Be(first.LeaseToken);
    }

    [Fact]
    public async Task Request_HandOffThatSomebodyElseHas_IsNotGivenAway()
    {
        var run = await RequestAsync(Asked);
        await ReturnAsync(run);
        var claimed = await _test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token);

        var again = await RequestAsync(Asked);

        claimed!.Id.Should().Be(run.Id);
        again.Should().Match<Run>(now => now.State == RunState.Running && now.LeaseToken == null);
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: claimed.LeaseToken, cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
        (await RequestAsync(Asked)).State.Should().Be(RunState.Succeeded, "the answer is the run as it stands");
    }

    [Fact]
    public async Task Request_HandOffThatWaitsAgain_IsTheCallersAgainWithAnotherToken()
    {
        var run = await RequestAsync(Asked);
        await ReturnAsync(run);

        var again = await RequestAsync(Asked);

        again.Should().Match<Run>(now => now.Id == run.Id && now.State == RunState.Running && now.Attempt == 2);
        again.LeaseToken.Should().NotBeNull().And.NotBe(run.LeaseToken, "a late report of the first attempt is told apart");
    }

    [Fact]
    public async Task Request_OfARunThatIsRemoved_SaysSoAndStartsNothing()
    {
        var run = await RequestAsync(Asked with { Agent = TestWorkspace.Checks });
        await _test.Workspace.Database.WriteAsync(
            (connection, _) =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "DELETE FROM decisions; DELETE FROM runs";
                return command.ExecuteNonQuery();
            },
            Token
        );

        (await RefusalAsync(() => RequestAsync(Asked with { Agent = TestWorkspace.Checks })))
            .Should()
            .Contain(run.Id)
            .And.Contain("nothing is kept any more")
            .And.Contain("nothing was started now");
        await RunsAreAsync(0);
    }

    [Fact]
    public async Task Request_ManyAtTheSameMoment_StartOneRun()
    {
        var processes = Enumerable.Range(0, 3).Select(_ => _test.Open()).ToList();

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 9).Select(number => Task.Run(() => processes[number % 3].Runs.RequestAsync(Asked, Token), Token))
        );

        runs.Select(static run => (run.Id, run.LeaseToken)).Distinct().Should().ContainSingle().Which.LeaseToken.Should().NotBeNull();
        await RunsAreAsync(1);
    }

    [Fact]
    public async Task Trigger_AskedAgain_IsTheSameRunAlsoWhenTheScheduleIsGone()
    {
        _test.WriteSchedules(TestWorkspace.Every(60));
        var run = await _test.Workspace.Schedules.TriggerAsync("s", "8d1b", Token);
        _test.Restart();
        _test.WriteSchedules();

        (await _test.Workspace.Schedules.TriggerAsync("s", "8d1b", Token)).Id.Should().Be(run.Id);

        (await RefusalAsync(() => _test.Workspace.Schedules.TriggerAsync("t", "8d1b", Token))).Should().Contain("other arguments");
        await RunsAreAsync(1);
    }

    [Fact]
    public async Task Trigger_AtTheSameMoment_StartsOneRun()
    {
        _test.WriteSchedules(TestWorkspace.Every(60));
        var processes = Enumerable.Range(0, 3).Select(_ => _test.Open()).ToList();

        var runs = await Task.WhenAll(
            processes.Select(process => Task.Run(() => process.Schedules.TriggerAsync("s", "8d1b", Token), Token))
        );

        runs.Select(static run => run.Id).Distinct(StringComparer.Ordinal).Should().ContainSingle();
        await RunsAreAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_CutOffBehindTheReport_IsFinishedByTheNextTry(bool isAnswerLost)
    {
        var run = await RequestAsync(Asked);
        if (isAnswerLost)
        {
            _test.Workspace.Requests.BeforeAnswer = static () => throw new KilledException();
        }
        else
        {
            _test.Workspace.Database.AfterCommit = static () => throw new KilledException();
        }

        await FluentActions.Awaiting(() => CompleteAsync(run, Done)).Should().ThrowAsync<KilledException>();
        _test.Restart();

        (await CompleteAsync(run, Done)).State.Should().Be(RunState.Succeeded);

        (await CompleteAsync(run, Done)).State.Should().Be(RunState.Succeeded);
        (await RefusalAsync(() => CompleteAsync(run, Done with { Summary = "Otherwise." }))).Should().Contain("other arguments");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_AskedAgainWhenTheRunHasGoneOn_IsTheFirstAnswerAndNoReport(bool isAnswerLost)
    {
        var question = new RunReport(RunState.NeedsInput, "Which?", [], [], ["Red?"]);
        var run = await RequestAsync(Asked);
        if (isAnswerLost)
        {
            _test.Workspace.Requests.BeforeAnswer = static () => throw new KilledException();
            await FluentActions.Awaiting(() => CompleteAsync(run, question)).Should().ThrowAsync<KilledException>();
            _test.Restart();
        }
        else
        {
            await CompleteAsync(run, question);
        }

        await _test.Workspace.Runs.AnswerAsync(run.Id, ["Blue."], Token);
        await RequestAsync(Asked);

        (await CompleteAsync(run, question)).State.Should().Be(RunState.NeedsInput);

        var now = await _test.Workspace.Runs.GetAsync(run.Id, Token);
        now.Should().Match<Run>(one => one.State == RunState.Running && one.Attempt == 2 && one.ReportedOutcome == null);
    }

    private Task<Run> RequestAsync(RunRequest request) => _test.Workspace.Runs.RequestAsync(request, Token);

    private Task<Run> CompleteAsync(Run run, RunReport report) =>
        _test.Workspace.Runs.CompleteAsync(run.Id, report, Client, run.LeaseToken, "c0de", Token);

    // Its client leaves, and its lease runs out.
    private async Task ReturnAsync(Run run)
    {
        await _test.Workspace.Runs.LeaveAsync(Client, Token);
        for (var look = 0; look < 20 && (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State != RunState.Queued; look++)
        {
            await _test.PassAfterAsync(TimeSpan.FromMinutes(2));
        }
    }

    private async Task RunsAreAsync(int count) => (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().HaveCount(count);

    private static async Task<string> RefusalAsync(Func<Task> call) => (await call.Should().ThrowAsync<UserErrorException>()).Which.Message;

    private sealed class KilledException : Exception;
}
