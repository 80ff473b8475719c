using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

/// <summary>
/// A supervisor in the process of the tests, with programs that are a line of the shell. Its signals are tested through the program.
/// </summary>
public sealed class SupervisorTests : IDisposable
{
    private const string MarkName = "LOOP_TEST_MARK";

    private static readonly SupervisorOutcome Outcome = new()
    {
        End = SupervisorEnd.Exited,
        Reason = "it ended with exit code 0",
        EndedAt = DateTimeOffset.UnixEpoch,
        ExitCode = 0,
    };

    private readonly TemporaryFolder _test = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SupervisorStart _start = SupervisorStart.Create();
    private readonly string _mark = Guid.NewGuid().ToString();
    private readonly RunFolder _folder;

    public SupervisorTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What belongs to a program is found in /proc.");
        _folder = new RunFolder(_test.File("run"));
        _folder.Create();
    }

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("echo done", 0, "done", 5)]
    [InlineData("echo why >&2; exit 3", 3, "why", 4)]
    [InlineData("kill -9 $$", 137, "", 0)]
    public async Task Run_ProgramThatEnds_LeavesItsExitCodeAndTheEndOfItsOutput(string script, int exitCode, string tail, int bytes)
    {
        var outcome = await RunAsync(Order(script));

        outcome.End.Should().Be(SupervisorEnd.Exited);
        outcome.Reason.Should().Be($"it ended with exit code {exitCode}");
        (outcome.ExitCode, outcome.OutputTail, outcome.OutputBytes).Should().Be((exitCode, tail, bytes));
        (outcome.DroppedBytes, outcome.EndedProcesses, outcome.Account).Should().Be((0, 0, null));
    }

    [Fact]
    public async Task Run_Ended_ShowsItsSecretFreesItsLockAndRings()
    {
        var order = Order("true");

        (await RunAsync(order)).Secret.Should().Be(_start.Secret);

        using var free = FileLock.TryAcquire(_folder.SupervisorLock);
        free.Should().NotBeNull("an outcome counts only once its supervisor is gone");
        File.Exists(order.Bell).Should().BeTrue();
        _folder.ReadRecord()!.Supervisor.Should().Be(ProcessIdentity.Current.ToString());
    }

    [Fact]
    public async Task Run_ProgramThatIsMissing_IsNotStartedAndSaysWhy()
    {
        var outcome = await RunAsync(Order("") with { Command = [_test.File("no-program")] });

        outcome.End.Should().Be(SupervisorEnd.NotStarted);
        outcome.Reason.Should().StartWith($"{_test.File("no-program")} could not be started: ");
        outcome.ExitCode.Should().BeNull();
    }

    // What stands in the folder before the program is started: who cancelled goes before who interrupted.
    [Theory]
    [InlineData("not wanted", null, nameof(SupervisorEnd.Cancelled), "not wanted")]
    [InlineData(null, "its server is gone", nameof(SupervisorEnd.Interrupted), "its server is gone")]
    [InlineData("not wanted", "its server is gone", nameof(SupervisorEnd.Cancelled), "not wanted")]
    public async Task Run_EndAskedForBeforeItsBegin_StartsNothing(string? cancel, string? interrupt, string end, string reason)
    {
        Write(_folder.Cancel, cancel);
        Write(_folder.Interrupt, interrupt);

        var outcome = await RunAsync(Order($"touch {_test.File("begun")}"));

        (outcome.End.ToString(), outcome.Reason).Should().Be((end, reason));
        File.Exists(_test.File("begun")).Should().BeFalse();
    }

    [Fact]
    public async Task Run_OutcomeIsThere_DoesNothing()
    {
        _folder.Write(Outcome);

        await RunAsync(Order($"touch {_test.File("begun")}"));

        _folder.ReadOutcome().Should().Be(Outcome);
        File.Exists(_test.File("begun")).Should().BeFalse();
    }

    [Fact]
    public async Task Run_LockIsHeld_DoesNothing()
    {
        _folder.Write(Order("true"));
        using var held = FileLock.TryAcquire(_folder.SupervisorLock);

        await Supervisor(TimeProvider.System).RunAsync(_start);

        _folder.ReadOutcome().Should().BeNull("the run has a supervisor");
    }

    [Fact]
    public async Task Run_InputFile_GoesToTheProgramWhichElseFindsNothing()
    {
        var input = _test.File("brief.md");
        await File.WriteAllTextAsync(input, "do it\n", TestContext.Current.CancellationToken);

        (await RunAsync(Order("cat") with { InputFile = input })).OutputTail.Should().Be("do it");
        File.Delete(Path.Combine(_folder.FullPath, "outcome.json"));
        (await RunAsync(Order("cat"))).OutputTail.Should().BeEmpty("an agent that waits on an open input would never end");
    }

    [Fact]
    public async Task Run_CredentialInTheOutput_IsTakenOut()
    {
        var order = Order("echo $API_TOKEN; printf '%0480d %s\\n' 0 $API_TOKEN >&2");

        var outcome = await RunAsync(order with { Environment = With(order, "API_TOKEN", "hunter2hunter2hunter2") });

        outcome.OutputTail.Should().NotContain("hunter2").And.NotBeEmpty();
        outcome.ErrorLine.Should().NotContain("hunter2", "where it is cut is within the token").And.StartWith("0000");
        (await File.ReadAllTextAsync(_folder.Output, TestContext.Current.CancellationToken)).Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Run_MoreOutputThanIsKept_CountsWhatIsDropped()
    {
        var outcome = await RunAsync(Order("printf '%01000d' 0") with { OutputLimitBytes = 400 });

        (outcome.OutputBytes, outcome.DroppedBytes).Should().Be((400, 600));
    }

    [Fact]
    public async Task Run_TimeLimit_EndsItAndWhatItStarted()
    {
        var outcome = await RunAsync(Order("sleep 300 & sleep 300") with { TimeoutSeconds = 0.2 });

        (outcome.End, outcome.Reason).Should().Be((SupervisorEnd.TimedOut, "it reached its time limit of 0.2 s"));
        outcome.ExitCode.Should().BeNull("it did not end by itself");
        outcome.EndedProcesses.Should().Be(3);
        Below().Should().NotContain(static entry => !entry.IsZombie);
    }

    [Fact]
    public async Task Run_ProgramThatLeftAnotherBehind_EndsThatToo()
    {
        var outcome = await RunAsync(Order("sleep 300 >/dev/null 2>&1 & exit 0"));

        (outcome.End, outcome.ExitCode, outcome.EndedProcesses).Should().Be((SupervisorEnd.Exited, 0, 1));
    }

    [Fact]
    public async Task Run_ProgramThatTellsOfItself_LeavesWhatItTold()
    {
        var outcome = await RunAsync(
            Order("echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"all done\"}'") with
            {
                Events = "claude",
            }
        );

        outcome.Account!.Preset.Should().Be("claude");
        outcome.Account.Result!.Text.Should().Be("all done");
        outcome.OutputTail.Should().BeEmpty("its message says it");
    }

    [Fact]
    public async Task Run_ProgramThatShouldTellOfItselfAndDoesNot_LeavesAnEmptyAccount() =>
        (await RunAsync(Order("echo hello") with { Events = "claude" }))
            .Account!.Preset.Should()
            .Be("claude", "that nothing was told says something");

    [Fact]
    public async Task Run_OutcomeThatTheProgramWrote_IsSetAsideAndTold()
    {
        var outcome = await RunAsync(Order($"echo '{{}}' > {Path.Combine(_folder.FullPath, "outcome.json")}"));

        outcome.Secret.Should().Be(_start.Secret);
        outcome.Reason.Should().StartWith("it ended with exit code 0; an outcome that its supervisor had not written lay in its folder");
    }

    [Fact]
    public async Task Keep_CannotBeWritten_TriesUntilItCan()
    {
        var isFull = true;
        var keeping = Supervisor(_time)
            .KeepAsync(() =>
            {
                if (isFull)
                {
                    throw new IOException("there is no room");
                }

                _folder.Write(Outcome);
            });
        _time.Advance(TimeSpan.FromSeconds(1));
        keeping.IsCompleted.Should().BeFalse("there is no room yet");

        isFull = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await keeping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        _folder.ReadOutcome()!.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Keep_NoRoomForADay_GivesUpWithTheReason()
    {
        var tries = 0;
        var keeping = Supervisor(new TimeOfHalfDays())
            .KeepAsync(() =>
            {
                tries++;
                throw new IOException("there is no room");
            });

        (await keeping.Invoking(static task => task).Should().ThrowAsync<IOException>()).WithMessage("there is no room");
        tries.Should().Be(2);
    }

    [Fact]
    public async Task Keep_FolderIsGone_DoesNotWait()
    {
        Directory.Delete(_folder.FullPath, recursive: true);

        await FluentActions
            .Awaiting(() => Supervisor(_time).KeepAsync(() => _folder.Write(Outcome)))
            .Should()
            .ThrowAsync<IOException>()
            .WithMessage($"*{_folder.FullPath}*");
    }

    private async Task<SupervisorOutcome> RunAsync(SupervisorOrder order)
    {
        _folder.Write(order);
        await Supervisor(TimeProvider.System).RunAsync(_start);
        return _folder.ReadOutcome()!;
    }

    private Supervisor Supervisor(TimeProvider time) => new(_folder, time, _ => Below());

    // What this process started is not all the agent's here, so its processes are told by a variable that only they have.
    private List<ProcessEntry> Below() =>
        [
            .. ProcessTable
                .All()
                .Where(entry => entry.Pid != Environment.ProcessId && ProcessTable.HasEnvironment(entry.Pid, MarkName, _mark)),
        ];

    private SupervisorOrder Order(string script) =>
        TestAgents.Order() with
        {
            StartId = _start.Id,
            Command = ["sh", "-c", script],
            WorkingFolder = _test.FullPath,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [MarkName] = _mark },
            KillGraceSeconds = 0,
            Bell = _test.File("bell"),
        };

    private static Dictionary<string, string> With(SupervisorOrder order, string name, string value) =>
        new(order.Environment, StringComparer.Ordinal) { [name] = value };

    private static void Write(string file, string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(file, text);
        }
    }

    // Thirteen hours later at each look, and no wait takes any time.
    private sealed class TimeOfHalfDays : TimeProvider
    {
        private long _hours;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => (_hours += 13) * 3600;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
