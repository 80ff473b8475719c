using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Audit;

public sealed class AuditReaderTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(3000)]
    public void Read_LogInPieces_GivesTheLatestFirstAndEachOnce(int count)
    {
        Write("audit.jsonl", Enumerable.Range(0, count));

        var reading = AuditReader.Read(new WorkspacePaths(_workspace.Root), static _ => true, 10_000);

        reading.Entries.Select(static entry => entry.Who).Should().Equal(Enumerable.Range(0, count).Reverse().Select(Name));
        reading.NotRead.Should().Be(0);
    }

    [Fact]
    public void Read_WithAFilterAndALimit_GivesAsManyAsFit()
    {
        Write("audit.jsonl", Enumerable.Range(0, 100));

        var reading = AuditReader.Read(new WorkspacePaths(_workspace.Root), static entry => entry.Who.EndsWith('7'), 3);

        reading.Entries.Select(static entry => entry.Who).Should().Equal(Name(97), Name(87), Name(77));
    }

    [Fact]
    public void Read_LinesThatAreNone_AreCountedAndTheRestIsThere()
    {
        Write("audit.jsonl", [1]);
        _workspace.Write(".loop/logs/audit.jsonl", _workspace.Read(".loop/logs/audit.jsonl") + "torn {\n\n\u0000\u0001\n");

        var reading = AuditReader.Read(new WorkspacePaths(_workspace.Root), static _ => true, 10);

        reading.Entries.Should().ContainSingle();
        reading.NotRead.Should().Be(2);
    }

    [Fact]
    public void Read_FileWithoutLineEnds_IsNotReadToItsBeginning()
    {
        _workspace.Write(".loop/logs/audit.jsonl", new string('x', 5_000_000));

        AuditReader.Read(new WorkspacePaths(_workspace.Root), static _ => true, 10).Entries.Should().BeEmpty();
    }

    [Fact]
    public void Read_NoLog_IsEmpty() =>
        AuditReader.Read(new WorkspacePaths(_workspace.Root), static _ => true, 10).Entries.Should().BeEmpty();

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"who-{number}");

    private void Write(string name, IEnumerable<int> numbers)
    {
        var text = new StringBuilder();
        foreach (var number in numbers)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"time":"2026-03-02T00:00:00+00:00","who":"{{Name(number)}}","what":"get_run","outcome":"ok","milliseconds":1}"""
            );
            text.Append('\n');
        }

        _workspace.Write($".loop/logs/{name}", text.ToString());
    }
}
