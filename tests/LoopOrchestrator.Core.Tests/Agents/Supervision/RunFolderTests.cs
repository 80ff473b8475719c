using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly RunFolder _folder;

    public RunFolderTests()
    {
        _folder = new RunFolder(_temporary.File("run"));
        _folder.Create();
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Read_NothingWritten_IsNone() =>
        new object?[] { _folder.ReadOrder(), _folder.ReadRecord(), _folder.ReadOutcome() }
            .Should()
            .AllSatisfy(value => value.Should().BeNull());

    [Fact]
    public void Order_RoundTrip_IsTheSame()
    {
        var order = TestAgents.Order() with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LOOP_x"] = "é \"\n" },
            PassEnvironment = ["A", "B_*"],
            Events = "claude",
            InputFile = "/in",
            FirstOutputSeconds = 1.5,
            SilenceSeconds = 2,
            ResultGraceSeconds = 3,
            KillGraceSeconds = 0,
            OutputLimitBytes = 1L << 32,
        };

        _folder.Write(order);

        _folder.ReadOrder().Should().BeEquivalentTo(order);
    }

    [Fact]
    public void OrderAndRecord_LeastAndMost_RoundTrip()
    {
        _folder.Write(TestAgents.Order());
        _folder.ReadOrder().Should().BeEquivalentTo(TestAgents.Order());

        _folder.Write(new SupervisorRecord("1:2:b", Agent: null));
        _folder.ReadRecord().Should().Be(new SupervisorRecord("1:2:b", Agent: null));
        _folder.Write(new SupervisorRecord("1:2:b", "3:4:b"));
        _folder.ReadRecord().Should().Be(new SupervisorRecord("1:2:b", "3:4:b"));
    }

    [Fact]
    public void Outcome_EveryEnd_RoundTrips()
    {
        foreach (var end in Enum.GetValues<SupervisorEnd>())
        {
            var outcome = TestAgents.Outcome(end, -1, new AgentResult(IsError: true, "text", 2)) with
            {
                OutputTail = "t",
                OutputBytes = 5,
                DroppedBytes = 6,
                EndedProcesses = 7,
                Account = new AgentAccount
                {
                    Result = new AgentResult(IsError: true, "text", 2),
                    LastText = "last",
                    CostUsd = 0.1,
                    Tokens = new AgentTokens(1, 2, 3),
                    SessionId = "s",
                    UsageLimit = new AgentUsageLimit("five_hour", TestAgents.Moment),
                    DeniedPermissions = ["Bash"],
                },
            };
            _folder.Write(outcome);
            _folder.ReadOutcome().Should().BeEquivalentTo(outcome);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"end":"exited","reason":null,"ended_at":"2026-03-02T00:00:00Z"}""")]
    [InlineData("""{"end":"Exited","reason":null,"ended_at":"2026-03-02T00:00:00Z"}""")]
    [InlineData("""{"end":"Exited","reason":"r","ended_at":"2026-03-02T00:00:00Z","output_tail":null}""")]
    [InlineData("""{"end":"Exited","reason":"r","ended_at":"soon"}""")]
    [InlineData("""{"end":42,"reason":"r","ended_at":"2026-03-02T00:00:00Z"}""")]
    [InlineData("""{"supervisor":null}""")]
    [InlineData("""{"run_id":"r","command":null,"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":"r","command":[null],"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":"r","command":["x"],"environment":null,"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    public void Read_Garbage_IsNone(string content)
    {
        _folder.Write(TestAgents.Order());
        _folder.Write(new SupervisorRecord("1:2:b", Agent: null));
        _folder.Write(TestAgents.Outcome(SupervisorEnd.Exited));
        foreach (var file in Directory.GetFiles(_folder.FullPath))
        {
            File.WriteAllText(file, content);
        }

        (_folder.ReadOrder(), _folder.ReadRecord(), _folder.ReadOutcome()).Should().Be((null, null, null));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("pipe")]
    [InlineData("link to itself")]
    [InlineData("link to nowhere")]
    [InlineData("link to a folder")]
    [InlineData("text")]
    public void Outcome_SomethingElseInItsPlace_CountsAsNoneAndIsMovedAside(string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes and links that lead nowhere are made as on Linux.");
        var file = Path.Combine(_folder.FullPath, "outcome.json");
        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(Path.Combine(file, "full"));
                break;
            case "pipe":
                using (var made = Process.Start("mkfifo", [file]))
                {
                    made.WaitForExit();
                }

                break;
            case "text":
                File.WriteAllText(file, "none of ours");
                break;
            default:
                File.CreateSymbolicLink(
                    file,
                    what == "link to itself" ? file
                        : what == "link to a folder" ? _temporary.FullPath
                        : _temporary.File("nowhere")
                );
                break;
        }

        _folder.ReadOutcome().Should().BeNull();
        _folder.Write(TestAgents.Outcome(SupervisorEnd.Exited));

        _folder.ReadOutcome().Should().BeEquivalentTo(TestAgents.Outcome(SupervisorEnd.Exited));
        Directory.GetFileSystemEntries(_folder.FullPath, "*.foreign").Should().ContainSingle("nothing that an agent wrote is lost");
    }

    [Fact]
    public void ReadOutcome_SoundTextFromElsewhere_IsUnderstood()
    {
        _folder.Write(TestAgents.Outcome(SupervisorEnd.TimedOut));
        var file = Directory.GetFiles(_folder.FullPath).Should().ContainSingle().Which;

        File.WriteAllText(file, """{"end":"Exited","reason":"r","ended_at":"2026-03-02T00:00:00Z","new_field":1}""");

        _folder
            .ReadOutcome()
            .Should()
            .Be(
                new SupervisorOutcome
                {
                    End = SupervisorEnd.Exited,
                    Reason = "r",
                    EndedAt = TestAgents.Moment,
                }
            );
    }
}
