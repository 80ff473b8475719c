using System.Diagnostics;
using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Outputs;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs.Outputs;

/// <summary>Output that is read in parts while it is written.</summary>
public sealed class RunOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunOutput _output;

    public RunOutputTests() => _output = new RunOutput(_folder.Paths, Redactor.OfProcess([]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatIsThere_EndsWithALineWhileMoreMayCome()
    {
        Print(1, "one\ntwo\nthr");
        var part = _output.Read(Running(1), OutputPosition.Start, 100);
        part.Should().Be(new OutputPart("one\ntwo\n", new OutputPosition(1, 8), IsLast: false));

        Print(1, "ee\n");
        var next = _output.Read(Running(1), part.Next, 100);
        next.Text.Should().Be("three\n");
        _output.Read(Running(1), next.Next, 100).Should().Be(new OutputPart("", next.Next, IsLast: false));
    }

    [Fact]
    public async Task Read_PipeInItsPlace_WaitsForNobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with a name are made as on Linux.");
        var file = Create(1);
        File.Delete(file);
        using (var made = Process.Start("mkfifo", [file]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var part = await Task.Run(() => _output.Read(Running(1), OutputPosition.Start, 100), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        part.Text.Should().Contain("is a device, pipe or socket", "it says why nothing is shown");
    }

    [Fact]
    public void Read_LineThatIsNotAtItsEnd_IsShownUpToAWholeCharacter()
    {
        File.WriteAllBytes(Create(1), [.. "50 % ä"u8, 0xE2, 0x82]);

        _output.Read(Running(1), OutputPosition.Start, 100).Text.Should().Be("50 % ä");
    }

    [Fact]
    public void Read_Ended_GoesToTheEndAndSaysSo()
    {
        Print(1, "one\ntw");

        _output.Read(Ended(1), OutputPosition.Start, 5).IsLast.Should().BeFalse();
        _output.Read(Ended(1), new OutputPosition(1, 4), 5).Should().Be(new OutputPart("tw", new OutputPosition(1, 6), IsLast: true));
        _output.Read(Ended(1), new OutputPosition(1, 900), 5).Text.Should().BeEmpty();
    }

    [Fact]
    public void Read_FurtherAttempt_Follows()
    {
        Print(1, "first");
        Print(3, "third\n");
        var part = _output.Read(Running(3), OutputPosition.Start, 100);
        part.Text.Should().Be("first");

        _output.Read(Running(3), part.Next, 100).Should().Be(new OutputPart("third\n", new OutputPosition(3, 6), IsLast: false));
    }

    [Fact]
    public void Read_NothingYet_IsEmpty()
    {
        _output.Read(Running(1), OutputPosition.Start, 100).Should().Be(new OutputPart("", OutputPosition.Start, IsLast: false));
        _output.Tail(Running(0), 100).Should().BeNull();
    }

    [Fact]
    public void Read_AnyTextInAnyParts_IsTheWhole() =>
        FixedSample.Run(Gen.Select(Gen.Char["aä€\n"].Array[0, 300], Gen.Int[4, 40]), 300, value =>
        {
            var (characters, most) = value;
            var text = new string(characters);
            File.WriteAllText(Create(1), text);
            var read = new StringBuilder();
            for (var position = OutputPosition.Start; ;)
            {
                var part = _output.Read(Ended(1), position, most);
                read.Append(part.Text);
                position = part.Next;
                if (part.IsLast)
                {
                    read.ToString().Should().Be(text);
                    return;
                }
            }
        });

    [Fact]
    public void Tail_IsTheEnd_AndSaysWhereItGoesOn()
    {
        Print(2, "äää\nnew\n");

        _output.Tail(Running(2), 6).Should().Be(new OutputPart("\nnew\n", new OutputPosition(2, 11), IsLast: false));
        Print(2, "more\n");
        _output.Read(Running(2), new OutputPosition(2, 11), 100).Text.Should().Be("more\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0:5")]
    [InlineData("1:-5")]
    [InlineData("1:99999999999999999999")]
    [InlineData("x:1")]
    public void Parse_AnythingElse_IsNone(string cursor) => OutputPosition.Parse(cursor).Should().BeNull();

    [Fact]
    public void Parse_WrittenPosition_IsTheSame() =>
        OutputPosition.Parse(new OutputPosition(3, 123_456_789_012).ToString()).Should().Be(new OutputPosition(3, 123_456_789_012));

    private static Run Running(int attempt) =>
        new()
        {
            Id = "run-20260102-030405-00000001",
            Mode = "code",
            Task = "work",
            Agent = "checks",
            AgentKind = AgentKind.Command,
            Priority = RunPriority.Normal,
            State = RunState.Running,
            Attempt = attempt,
            TimeoutSeconds = 10,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private static Run Ended(int attempt) => Running(attempt) with { State = RunState.Succeeded };

    private string Create(int attempt)
    {
        var folder = RunFolder.Of(_folder.Paths.Run(Running(attempt).Id), attempt);
        folder.Create();
        return folder.Output;
    }

    private void Print(int attempt, string text) => File.AppendAllText(Create(attempt), text);
}
