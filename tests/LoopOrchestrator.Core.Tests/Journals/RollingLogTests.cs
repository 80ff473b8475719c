using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Journals;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Core.Tests.Journals;

public sealed class RollingLogTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();

    public RollingLogTests() => StateFolder.Ensure(_workspace.Paths);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task AppendAsync_BeyondTheLimit_BeginsAnewAndKeepsSoManyFilesOnly()
    {
        var log = new RollingLog(_workspace.Paths, "audit", maxBytes: 8, kept: 3);
        foreach (var line in (string[])["one\n", "two\n", "three\n", "four\n", "five is longer than a file\n", "six\n"])
        {
            await log.AppendAsync(Encoding.UTF8.GetBytes(line), TestContext.Current.CancellationToken);
        }

        _workspace.Read(".loop/logs/audit.jsonl").Should().Be("six\n");
        _workspace.Read(".loop/logs/audit.1.jsonl").Should().Be("five is longer than a file\n");
        _workspace.Read(".loop/logs/audit.2.jsonl").Should().Be("four\n");
        Directory.GetFiles(Path.GetDirectoryName(log.CurrentFile)!).Should().HaveCount(3);
    }

    [Fact]
    public async Task AppendAsync_OfSeveralWriters_LosesAndTearsNothing()
    {
        var lines = Enumerable.Range(0, 40).Select(static i => $"line {i} {new string('x', i)}\n").ToList();
        await Task.WhenAll(
            lines.Select(line =>
                new RollingLog(_workspace.Paths, "audit", maxBytes: 10_000, kept: 2).AppendAsync(
                    Encoding.UTF8.GetBytes(line),
                    TestContext.Current.CancellationToken
                )
            )
        );

        _workspace
            .Read(".loop/logs/audit.jsonl")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .BeEquivalentTo(lines.Select(static line => line[..^1]));
    }

    [Fact]
    public async Task AppendAsync_WhereALinkOrNothingIs_WritesNowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var log = new RollingLog(_workspace.Paths, "audit", maxBytes: 100, kept: 2);
        var outside = _workspace.Write("outside", "theirs");
        Directory.CreateDirectory(Path.GetDirectoryName(log.CurrentFile)!);
        File.CreateSymbolicLink(log.CurrentFile, outside);

        var append = () => log.AppendAsync("x\n"u8.ToArray(), TestContext.Current.CancellationToken);

        await append.Should().ThrowAsync<LinkRefusedException>();
        _workspace.Read("outside").Should().Be("theirs");

        Directory.Delete(_workspace.Paths.State, recursive: true);
        await append.Should().ThrowAsync<IOException>();
        Directory.Exists(_workspace.Paths.State).Should().BeFalse();
    }
}
