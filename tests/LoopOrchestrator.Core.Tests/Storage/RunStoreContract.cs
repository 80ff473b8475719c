using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IRunStore))]
public abstract class RunStoreContract : StorageContract
{
    private protected RunStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IRunStore Runs => Storage.Runs;

    [Fact]
    public async Task OpenQuestions_HoweverMany_AreCountedByScheduleOrMode()
    {
        for (var number = 0; number < 25; number++)
        {
            await EndedAsync(Queued($"run-{number:00}", "s") with { CreatedAt = Start.AddMinutes(number) }, Asks());
        }

        await EndedAsync(Queued("run-old") with { CreatedAt = Start.AddDays(-1) }, Asks());
        await EndedAsync(Queued("run-other") with { CreatedAt = Start.AddDays(-2), Mode = "ask" }, Asks());
        await EndedAsync(Queued("run-good", "t"), Succeeded());

        (await Storage.Runs.OpenQuestionsAsync(Token))
            .Should()
            .Equal(
                new OpenQuestions("s", "code", "run-24", 25),
                new OpenQuestions(null, "code", "run-old", 1),
                new OpenQuestions(null, "ask", "run-other", 1)
            );

        static RunEnd Asks() => new(RunState.NeedsInput, Start.AddMinutes(1), "it asks");
    }

    [Fact]
    public async Task FailedSince_WorkThatHasSucceededSince_IsOpenNoMore()
    {
        foreach (var (id, schedule) in (IEnumerable<(string, string?)>)[("run-a", "s"), ("run-b", "t"), ("run-c", null)])
        {
            await RunningAsync(Queued(id, schedule));
            await Storage.Runs.EndAttemptAsync(id, Failed(), Policy(), Token);
        }

        await RunningAsync(Queued("run-d", "s"));
        await Storage.Runs.EndAttemptAsync("run-d", Succeeded(), Policy(), Token);

        (await Ids(isOpen: false, Start)).Should().Equal("run-c", "run-b", "run-a");
        (await Ids(isOpen: true, Start)).Should().Equal("run-c", "run-b");
        (await Ids(isOpen: false, Start.AddMinutes(2))).Should().BeEmpty();

        async Task<IEnumerable<string>> Ids(bool isOpen, DateTimeOffset since) =>
            (await Storage.Runs.FailedSinceAsync(since, isOpen, 10, Token)).Select(static run => run.Id);
    }

    [Fact]
    public async Task SucceededSince_RunsThatNobodysRunAskedFor_AreTheLatestFirst()
    {
        await EndedAsync(Queued("run-a"), Succeeded());
        await EndedAsync(Queued("run-b"), Succeeded() with { EndedAt = Start.AddMinutes(2) });
        await EndedAsync(Queued("run-c"), Failed());
        await EndedAsync(Queued("run-d", parent: "run-a"), Succeeded());

        (await Ids(Start, 10)).Should().Equal("run-b", "run-a");
        (await Ids(Start, 1)).Should().Equal("run-b");
        (await Ids(Start.AddMinutes(2), 10)).Should().Equal("run-b");

        async Task<IEnumerable<string>> Ids(DateTimeOffset since, int most) =>
            (await Storage.Runs.SucceededSinceAsync(since, most, Token)).Select(static run => run.Id);
    }

    [Fact]
    public async Task SpentSince_AttemptsThatEndedSince_AreAddedUpWhateverBecameOfThem()
    {
        await EndedAsync(Queued("run-a"), Succeeded() with { CostUsd = 0.5, Tokens = new AgentTokens(100, 20, 0) });
        await EndedAsync(Queued("run-b"), Failed() with { CostUsd = 0.25, EndedAt = Start.AddMinutes(5) });
        await EndedAsync(Queued("run-c"), Succeeded());

        (await Storage.Runs.SpentSinceAsync(Start, Token)).Should().Be((0.75, 120));
        (await Storage.Runs.SpentSinceAsync(Start.AddMinutes(2), Token)).Should().Be((0.25, 0));
        (await Storage.Runs.SpentSinceAsync(Start.AddHours(1), Token)).Should().Be((0, 0));
    }

    [Theory]
    [InlineData("run-20260102-", "", "run-20260102-030405-0000bbbb,run-20260102-030405-0000aaaa")]
    [InlineData("", "aaaa", "run-20260102-030405-0000aaaa")]
    [InlineData("run-", "bbbb", "run-20260102-030405-0000bbbb")]
    [InlineData("run%", "", "")]
    [InlineData("run-20260102-030405-0000aaaa", "a", "")]
    public async Task FindLike_BeginningAndEnd_AreTakenAsTheyAre(string head, string tail, string expected)
    {
        await AddAsync(Queued("run-20260102-030405-0000aaaa"));
        await AddAsync(Queued("run-20260102-030405-0000bbbb"));

        string.Join(',', (await Storage.Runs.FindLikeAsync(head, tail, 10, Token)).Select(static run => run.Id)).Should().Be(expected);
    }

    [Fact]
    public async Task Add_Run_IsFoundWithTheReasonForItsAgent()
    {
        await AddAsync(Queued("run-a"));

        (await OpenAnother().Runs.FindAsync("run-a", Token)).Should().BeEquivalentTo(Queued("run-a"));
        (await Runs.DecisionsAsync("run-a", Token)).Should().Equal(new RunDecision(Start, "a test says so"));
        (await Runs.FindAsync("run-b", Token)).Should().BeNull();
        (await Runs.IsKnownAsync("run-a", Token)).Should().BeTrue();
        (await Runs.IsKnownAsync("run-b", Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Add_SameIdTwice_ThrowsAndChangesNothing()
    {
        await AddAsync(Queued("run-a"));

        var again = () => Runs.AddAsync(Queued("run-a") with { Task = "another" }, "again", Token);

        await again.Should().ThrowAsync<Exception>();
        (await GetAsync("run-a")).Task.Should().Be("do run-a");
        (await Runs.DecisionsAsync("run-a", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task List_PageAfterPage_GivesEachRunOnce()
    {
        for (var number = 0; number < 5; number++)
        {
            await AddAsync(Queued($"run-{number}") with { CreatedAt = Start.AddSeconds(number / 2) });
        }

        var first = await Runs.ListAsync(new RunFilter { Limit = 3 }, Token);
        var rest = await Runs.ListAsync(new RunFilter { Limit = 3, Before = new RunPosition(first[^1].CreatedAt, first[^1].Id) }, Token);

        first.Concat(rest).Select(static run => run.Id).Should().Equal("run-4", "run-3", "run-2", "run-1", "run-0");
        (await Runs.ListAsync(new RunFilter { State = RunState.Running }, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task List_WithAFilter_GivesThoseThatFitAll()
    {
        await AddAsync(Queued("run-a") with { Mode = "ask", Origin = RunOrigin.Request });
        await AddAsync(Queued("run-b", "s") with { Origin = RunOrigin.Schedule, CreatedAt = Start.AddHours(1) });
        await AddAsync(Queued("run-c", "s") with { Mode = "ask", Origin = RunOrigin.Schedule, CreatedAt = Start.AddHours(2) });

        (await Ids(new RunFilter { Mode = "ask" })).Should().Equal("run-c", "run-a");
        (await Ids(new RunFilter { Origin = RunOrigin.Schedule })).Should().Equal("run-c", "run-b");
        (
            await Ids(
                new RunFilter
                {
                    Mode = "ask",
                    Origin = RunOrigin.Schedule,
                    ScheduleId = "s",
                    State = RunState.Queued,
                }
            )
        ).Should().Equal("run-c");
        (await Ids(new RunFilter { From = Start.AddHours(1) })).Should().Equal("run-c", "run-b");
        (await Ids(new RunFilter { From = Start, To = Start.AddHours(2) })).Should().Equal("run-b", "run-a");
        (await Ids(new RunFilter { Mode = "ask' OR 1=1 --" })).Should().BeEmpty();

        async Task<IEnumerable<string>> Ids(RunFilter filter) => (await Runs.ListAsync(filter, Token)).Select(static run => run.Id);
    }

    [Fact]
    public async Task TryStart_ByManyProcesses_SucceedsOnce()
    {
        await AddAsync(Queued("run-a"));
        var stores = Enumerable.Range(0, 4).Select(_ => OpenAnother().Runs).ToList();

        var taken = await Task.WhenAll(stores.Select(store => Task.Run(() => store.TryStartAsync("run-a", new RunStart(Start), Token))));

        taken.Count(static one => one).Should().Be(1);
        var run = await GetAsync("run-a");
        (run.State, run.Attempt, run.DeadlineAt).Should().Be((RunState.Running, 1, Start.AddSeconds(60)));
        (await Runs.AttemptsAsync("run-a", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task TryStart_OfWhatMayNot_IsRefused()
    {
        await AddAsync(Queued("run-cancelled"));
        (await Runs.TryRequestCancelAsync("run-cancelled", "not needed", Token)).Should().BeTrue();
        await RunningAsync(Queued("run-first", "s"));
        await AddAsync(Queued("run-second", "s"));
        await AddAsync(Queued("run-third"));

        (await Runs.TryStartAsync("run-cancelled", new RunStart(Start), Token)).Should().BeFalse();
        (await Runs.TryStartAsync("run-second", new RunStart(Start), Token)).Should().BeFalse("another run of its schedule goes on");
        (await Runs.TryStartAsync("run-third", new RunStart(Start) { MaxRunning = 1 }, Token)).Should().BeFalse("there is no place");
        (await Runs.CancelledInQueueAsync(Token)).Select(static run => run.Id).Should().Equal("run-cancelled");
    }

    [Fact]
    public async Task Queue_WithEveryPlaceTaken_TellsOfSubRunsOnly()
    {
        await RunningAsync(Queued("run-parent"));
        await AddAsync(Queued("run-below", parent: "run-parent"));
        await AddAsync(Queued("run-other"));

        (await StartableAsync(places: 1)).Should().Equal("run-below");
        (await StartableAsync(places: 2)).Should().Equal("run-below", "run-other");
    }

    [Fact]
    public async Task Proof_OfAnAttempt_IsTheSecretThatItWasStartedWith()
    {
        var start = SupervisorStart.Create();
        var run = await RunningAsync(Queued("run-a"), new RunStart(Start) { SecretHash = start.Hash });
        var outcome = new SupervisorOutcome
        {
            End = SupervisorEnd.Exited,
            Reason = "it ended",
            EndedAt = Start,
        };

        var proof = await Runs.ProofAsync(run, Token);

        proof.IsShownBy(outcome with { Secret = start.Secret }).Should().BeTrue();
        proof.IsShownBy(outcome).Should().BeFalse();
    }

    [Fact]
    public async Task TryReport_UnderAnotherLease_IsRefused()
    {
        var run = await RunningAsync(Queued("run-a"), new RunStart(Start) { LeaseToken = "token" });
        var report = new RunReport(RunState.Succeeded, "done", ["found"], [], []);

        (await Runs.TryReportAsync(run with { Lease = new RunLease("foreign") }, report, Token)).Should().BeFalse();
        (await Runs.TryReportAsync(run, report, Token)).Should().BeTrue();
        var told = await GetAsync("run-a");
        (told.ReportedOutcome, told.Summary).Should().Be((RunState.Succeeded, "done"));
        told.Findings.Should().Equal("found");
    }

    [Fact]
    public async Task Add_RunWithEveryMember_ComesBackWhole()
    {
        await AddAsync(Queued("run-parent"));
        var run = Whole();
        var other = Queued("run-other");
        typeof(Run)
            .GetProperties()
            .Where(member => member.CanWrite && Equals(member.GetValue(run), member.GetValue(other)))
            .Select(static member => member.Name)
            .Should()
            .BeEquivalentTo([nameof(Run.LeaseToken), nameof(Run.Workflow)], "any other member has a value of its own here");

        await AddAsync(run);

        (await GetAsync(run.Id)).Should().BeEquivalentTo(run);
    }

    [Fact]
    public async Task TryReturn_OfARunThatNeverBegan_TakesItsAttemptBack()
    {
        var run = await RunningAsync(Queued("run-a"));

        (await Runs.TryReturnAsync(run, Start, "no files left", code: RunDecisionCode.NeverBegun, cancellationToken: Token))
            .Should()
            .BeTrue();
        (await Runs.TryReturnAsync(run, Start, "no files left", cancellationToken: Token)).Should().BeFalse();

        var queued = await GetAsync("run-a");
        (queued.State, queued.Attempt, queued.StartedAt).Should().Be((RunState.Queued, 0, null));
        (await Runs.AttemptsAsync("run-a", Token)).Should().BeEmpty();
        (await Runs.DecisionsAsync("run-a", Token))
            .Select(static decision => decision.Code)
            .Should()
            .Equal(null, RunDecisionCode.NeverBegun);
    }

    [Fact]
    public async Task EndAttempt_ThatIsTriedAgain_IsQueuedAndEndsOnce()
    {
        await RunningAsync(Queued("run-a"));
        var policy = Policy(new RunLimits { MaxAttempts = 2 });

        var ended = await Runs.EndAttemptAsync("run-a", Failed() with { Attempt = 1 }, policy, Token);

        ended!.Run.State.Should().Be(RunState.Queued);
        ended.Run.NotBefore.Should().BeAfter(Start);
        (await Runs.EndAttemptAsync("run-a", Failed() with { Attempt = 1 }, policy, Token)).Should().BeNull("this attempt has ended");
        (await Runs.AttemptsAsync("run-a", Token)).Should().ContainSingle().Which.Outcome.Should().Be(RunState.Failed);
    }

    [Fact]
    public async Task EndAttempt_OnceFailedOften_EscalatesTellsAndPausesTogether()
    {
        await RunningAsync(Queued("run-a", "s"));

        var policy = Policy(new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 }, "webhook");
        var ended = await Runs.EndAttemptAsync("run-a", Failed(), policy, Token);

        ended!.EscalationId.Should().NotBeNull();
        (await Storage.Escalations.ListAsync(all: false, 10, Token)).Should().ContainSingle().Which.Runs.Should().Equal("run-a");
        (await Storage.Notices.DueAsync(Start.AddHours(1), Token)).Should().ContainSingle().Which.Notice.Channel.Should().Be("webhook");
        (await Storage.Pauses.FindReasonAsync("s", Token)).Should().Contain("escalation");
    }

    [Fact]
    public async Task EndAttempt_OfWhatAskedForOthers_AsksForTheirEnd()
    {
        await RunningAsync(Queued("run-parent"));
        await RunningAsync(Queued("run-below", parent: "run-parent"));
        await AddAsync(Queued("run-deep", parent: "run-below"));

        (await Runs.EndAttemptAsync("run-parent", Failed(), Policy(), Token))!.EndsSubRuns.Should().BeTrue();

        (await GetAsync("run-deep")).CancelReason.Should().Contain("run-parent");
        (await Runs.GoesOnBelowAsync("run-parent", Token)).Should().BeTrue();
        (await Runs.SubRunsAsync("run-parent", Token)).Select(static run => run.Id).Should().BeEquivalentTo("run-below", "run-deep");
    }

    [Fact]
    public async Task Settle_WhatWasOwed_IsPendingNoMore()
    {
        await EndedAsync(Queued("run-a"), Succeeded());
        (await Runs.PendingFinalizationAsync(Token)).Should().ContainSingle();

        await Runs.ClearPendingAsync([("run-a", Row: true, Memory: false)], Token);
        (await Runs.PendingFinalizationAsync(Token)).Should().ContainSingle().Which.MemoryPending.Should().BeTrue();

        await Runs.ClearPendingAsync([("run-a", Row: false, Memory: true)], Token);
        (await Runs.PendingFinalizationAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task TryDecideOnce_SameAgain_IsRecordedOnce()
    {
        await AddAsync(Queued("run-a"));

        (await Runs.TryDecideOnceAsync("run-a", Start, "a warning", cancellationToken: Token)).Should().BeTrue();
        (await Runs.TryDecideOnceAsync("run-a", Start.AddHours(1), "a warning", cancellationToken: Token)).Should().BeFalse();
        (await Runs.TryDecideOnceAsync("run-a", Start, "no", RunDecisionCode.ReportRefused, Token)).Should().BeTrue();
        (await Runs.DecisionsAsync("run-a", Token))
            .Select(static decision => decision.Text)
            .Should()
            .Equal("a test says so", "a warning", "no");
        (await Runs.DecisionsAsync("run-a", Token))[^1].Code.Should().Be(RunDecisionCode.ReportRefused);
    }

    [Fact]
    public async Task TryAnswer_OfARunThatAsks_QueuesItOnce()
    {
        await EndedAsync(Queued("run-a"), new RunEnd(RunState.NeedsInput, Start, "it asks"));

        (await Runs.TryAnswerAsync("run-a", ["Red"], Start, Token)).Should().BeTrue();
        (await Runs.TryAnswerAsync("run-a", ["Blue"], Start, Token)).Should().BeFalse();
        (await GetAsync("run-a")).Answers.Should().Equal("Red");
    }

    [Fact]
    public async Task Load_OfAnHour_IsCountedUpToItsLimit()
    {
        await AddAsync(Queued("run-old") with { CreatedAt = Start.AddHours(-2) });
        await AddAsync(Queued("run-a"));
        await AddAsync(Queued("run-b"));

        (await Runs.LoadAsync(new RunLimits(), Start, Token)).Should().Be(new RunLoad(3, 2, null));
        (await Runs.LoadAsync(new RunLimits { RunsPerHour = 1 }, Start, Token)).OfHour.Should().Be(1);
    }

    [Fact]
    public async Task EndedBefore_ARun_NamesThoseAboutWhichNothingWasDecidedSince()
    {
        await EndedAsync(Queued("run-before"), Succeeded() with { EndedAt = Start });
        var run = await RunningAsync(Queued("run-a"), new RunStart(Start.AddMinutes(5)));
        await EndedAsync(Queued("run-beside"), Succeeded() with { EndedAt = Start });

        (await Runs.EndedBeforeAsync(run, 10, Token)).Should().Equal("run-before");
    }

    private async Task<IEnumerable<string>> StartableAsync(int places) =>
        (await Runs.QueueAsync(places, Start, after: null, Token)).Startable.Select(static run => run.Id);

    private static Run Whole() =>
        new()
        {
            Id = "run-whole",
            Mode = "debug",
            Task = "all of it",
            Agent = "another",
            AgentKind = AgentKind.Cli,
            Priority = RunPriority.Todo,
            ScheduleId = "s",
            Title = "Nightly",
            Origin = RunOrigin.Schedule,
            ScheduledFor = Start.AddMinutes(8),
            IsCatchUp = true,
            ParentRunId = "run-parent",
            CycleId = "run-cycle",
            Depth = 1,
            State = RunState.Running,
            Reason = "a reason",
            Attempt = 2,
            Tries = 1,
            NotBefore = Start.AddMinutes(1),
            Failure = RunFailure.Budget,
            TimeoutSeconds = 77,
            CostLimitUsd = 1.5,
            TokenLimit = 1000,
            CreatedAt = Start.AddMinutes(2),
            StartedAt = Start.AddMinutes(3),
            AttemptStartedAt = Start.AddMinutes(4),
            DeadlineAt = Start.AddMinutes(5),
            EndedAt = Start.AddMinutes(6),
            Executor = "1:2:boot",
            CancelReason = "not wanted",
            ReportedOutcome = RunState.Failed,
            Summary = "a summary",
            Findings = ["found"],
            FollowUps = ["later"],
            Questions = ["which?"],
            Answers = ["this"],
            Lease = new RunLease("sha256:x")
            {
                Kind = LeaseKind.Client,
                Owner = "me",
                GoneSince = Start.AddMinutes(7),
            },
            HolderGoneSince = Start.AddMinutes(7),
            LostLeases = 2,
            ExitCode = 3,
            CostUsd = 0.5,
            Tokens = new AgentTokens(10, 5, 2),
            SessionId = "a session",
            UsageLimit = new AgentUsageLimit("five_hour", Start.AddHours(1)),
            DeniedPermissions = ["Bash"],
            IsUnverified = true,
            StopRowPending = true,
            MemoryPending = true,
        };
}
