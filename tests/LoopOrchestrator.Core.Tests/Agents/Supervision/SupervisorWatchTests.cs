using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

/// <summary>A supervisor that is alive and does nothing any more, played by a program that sleeps.</summary>
public sealed class SupervisorWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100 + 5);
    private static readonly (string Name, string Value) Mark = ("LOOP_RUN_ID", "a run that nobody has");

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RunFolder _folder;
    private readonly SupervisorWatch _watch;
    private readonly Process _supervisor = Process.Start("sleep", ["300"]);
    private readonly Process _agent = Process.Start("sleep", ["300"]);

    public SupervisorWatchTests()
    {
        _folder = new RunFolder(_temporary.File("run"));
        _folder.Create();
        _folder.Write(TestAgents.Order());
        _watch = new SupervisorWatch(_temporary.Paths, _time, NullLogger.Instance);
    }

    public void Dispose()
    {
        foreach (var process in new[] { _supervisor, _agent })
        {
            process.Kill();
            process.Dispose();
        }

        _temporary.Dispose();
    }

    [Fact]
    public async Task Look_ProgramLongBeyondItsLimit_EndsItsSupervisorAndNotBefore()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        _folder.Write(new SupervisorRecord(IdentityOf(_supervisor), IdentityOf(_agent)));
        await PassAfterAsync(TimeSpan.Zero);
        await PassAfterAsync(Limit);
        await PassAfterAsync(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        await PassAfterAsync(TimeSpan.FromSeconds(59));
        _supervisor.HasExited.Should().BeFalse("it may just be about to end it");

        await PassAfterAsync(TimeSpan.FromSeconds(1));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await _supervisor.WaitForExitAsync(patience.Token);
        _supervisor.ExitCode.Should().Be(128 + 9);
    }

    [Fact]
    public async Task Look_ProgramHasEnded_LeavesItsSupervisorToWriteThatDown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        var agent = IdentityOf(_agent);
        _agent.Kill();
        await _agent.WaitForExitAsync(TestContext.Current.CancellationToken);
        _folder.Write(new SupervisorRecord(IdentityOf(_supervisor), agent));
        await PassAfterAsync(TimeSpan.Zero);
        await PassAfterAsync(TimeSpan.FromHours(10));
        await PassAfterAsync(TimeSpan.FromHours(10));

        _supervisor.HasExited.Should().BeFalse("a disk without room is waited for");
    }

    [Fact]
    public async Task Look_ProcessOfTheSameRunInAnotherWorkspace_LeavesItAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        using var copied = new TemporaryFolder();
        using var there = StartMarked(copied.FullPath);
        using var here = StartMarked(_temporary.FullPath);
        using var renamed = StartMarked(_temporary.File("the name before"));
        var watch = new SupervisorWatch(_temporary.Paths, TimeProvider.System, NullLogger.Instance);
        watch.IsAtWork(Mark).Should().BeTrue();

        var outcome = await watch.CheckAsync(_folder, Mark, OutcomeProof.Impossible, isComingUp: false);

        outcome!.EndedProcesses.Should().Be(2);
        watch.IsAtWork(Mark).Should().BeFalse();
        there.HasExited.Should().BeFalse("it is another workspace's");
        there.Kill();
    }

    [Fact]
    public async Task Look_ProgramOfAnotherWorkspaceLongBeyondItsLimit_LeavesItsSupervisorAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        using var copied = new TemporaryFolder();
        using var there = StartMarked(copied.FullPath);
        _folder.Write(new SupervisorRecord(IdentityOf(_supervisor), IdentityOf(there)));

        for (var look = 0; look < 5; look++)
        {
            await PassAfterAsync(TimeSpan.FromHours(10));
        }

        ProcessIdentity.Of(_supervisor.Id).Should().NotBeNull();
        there.Kill();
    }

    private static Process StartMarked(string workspace)
    {
        var start = new ProcessStartInfo("sleep", ["300"]);
        start.Environment[Mark.Name] = Mark.Value;
        start.Environment["LOOP_WORKSPACE"] = workspace;
        return Process.Start(start)!;
    }

    private static string IdentityOf(Process process) => ProcessIdentity.Of(process.Id)!.ToString();

    private async Task PassAfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        (await _watch.CheckAsync(_folder, Mark, OutcomeProof.Impossible, isComingUp: false)).Should().BeNull();
    }
}
