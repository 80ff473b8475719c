using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class AgentStarterTests
{
    private static readonly ProcessStartInfo Info = new("/bin/agent");

    public static TheoryData<Exception, bool> Errors =>
        new()
        {
            { new Win32Exception(OperatingSystem.IsWindows() ? 4 : 24), true },
            { new Win32Exception(OperatingSystem.IsWindows() ? 8 : 11), true },
            { new Win32Exception(OperatingSystem.IsWindows() ? 14 : 12), true },
            { new Win32Exception(OperatingSystem.IsWindows() ? 1450 : 23), true },
            { new IOException("too many open files", OperatingSystem.IsWindows() ? 4 : 24), true },
            { new InsufficientMemoryException("no memory"), true },
            { new Win32Exception(2), false },
            { new Win32Exception(13), false },
            { new UnauthorizedAccessException(), false },
            { new DirectoryNotFoundException(), false },
            { new ArgumentException("a null character"), false },
        };

    [Theory]
    [MemberData(nameof(Errors))]
    public void TryStart_ErrorOfTheSystem_IsAShortageOrTheProgramsFault(Exception error, bool isShortage)
    {
        new AgentStarter(_ => throw error).TryStart(Info, out var end).Should().BeNull();

        end.End.Should().Be(isShortage ? SupervisorEnd.Shortage : SupervisorEnd.NotStarted);
        end.Reason.Should().Contain("/bin/agent").And.Contain(error.Message);
        var judged = RunOutcomeRules.Judge(TestAgents.Run(), TestAgents.Outcome(end.End) with { Reason = end.Reason });
        var retry = RetryRules.Decide(TestAgents.Run(), judged, new RunLimits { MaxAttempts = 1 }, 0);
        (retry is { CountsAsTry: false }).Should().Be(isShortage);
        judged.Failure.Should().Be(isShortage ? RunFailure.Recording : RunFailure.Configuration);
    }

    [Fact]
    public void TryStart_ArgumentsThatAreTooLong_SaysHowLongTheyAre()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit of one argument is Linux's");
        var info = AgentStarter.Describe(
            TestAgents.Order() with
            {
                Command = ["/bin/true", new string('x', 140_000)],
                WorkingFolder = "/",
            }
        );

        AgentStarter.OfTheSystem.TryStart(info, out var end).Should().BeNull();

        end.End.Should().Be(SupervisorEnd.NotStarted);
        end.Reason.Should().Contain("Its longest argument has 140000 bytes, and one may have 131071");
    }

    [Fact]
    public void TryStart_ProgramThatIsNotThere_IsItsFault()
    {
        var missing = new ProcessStartInfo(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())) { UseShellExecute = false };

        AgentStarter.OfTheSystem.TryStart(missing, out var end).Should().BeNull();

        end.End.Should().Be(SupervisorEnd.NotStarted);
    }
}
