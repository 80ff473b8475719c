using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Core.Tests.Benchmarks;

/// <summary><c>tools/compare-benchmarks</c> with results that are made up.</summary>
public sealed class CompareBenchmarksTests : IDisposable
{
    private const string Old = "0123456789ab";
    private const string New = "ba9876543210";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("lower", 1.0, 1.15, 0)]
    [InlineData("lower", 1.0, 1.16, 1)]
    [InlineData("lower", 1.0, 0.2, 0)]
    [InlineData("higher", 1.15, 1.0, 0)]
    [InlineData("higher", 1.16, 1.0, 1)]
    [InlineData("higher", 0.2, 1.0, 0)]
    public async Task Compare_Ratio_FailsBeyondTheLimitInItsOwnDirection(string better, double before, double after, int exitCode)
    {
        Keep(Old, Figure("start", "time", before, better));
        Keep(New, Figure("start", "time", after, better));

        var result = await CompareAsync(Old, New);

        result.ExitCode.Should().Be(exitCode, result.Output + result.Error);
        result.Output.Should().Contain($"{(exitCode == 0 ? "ok" : "WORSE")}").And.Contain("start: time, beside a peer");
    }

    [Fact]
    public async Task Compare_FigureOfTheMachineAlone_IsNotJudged()
    {
        Keep(Old, Figure("start", "time", 1), Figure("start", "ms", 10, against: null));
        Keep(New, Figure("start", "time", 1), Figure("start", "ms", 100, against: null));

        (await CompareAsync(Old, New)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Compare_FigureThatIsGone_FailsUnlessItsBenchmarkIsLeftOut()
    {
        Keep(Old, Figure("start", "time", 1), Figure("calls", "p99", 1));
        Keep(New, Figure("start", "time", 1));

        var all = await CompareAsync(Old, New);
        all.ExitCode.Should().Be(1);
        all.Output.Should().Contain("GONE").And.Contain("calls: p99");
        (await CompareAsync("--only", "start", Old, New)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Compare_FigureMeasuredAgain_CountsAsItWasLast()
    {
        Keep(Old, Figure("start", "time", 1));
        Keep(New, Figure("start", "time", 2), Figure("start", "time", 1));

        (await CompareAsync(Old, New)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Compare_BeginningOfACommit_FindsItsResults()
    {
        Keep(Old, Figure("start", "time", 1));
        Keep(New, Figure("start", "time", 2));

        (await CompareAsync(Old[..4], New + "0123456789012345678901234567")).ExitCode.Should().Be(1);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("""{"benchmark":"start","figure":"time","against":"a peer","better":"lower","median":0}""", "a ratio is more than 0")]
    [InlineData("""{"benchmark":"start","figure":"time","against":"a peer","better":"so","median":1}""", "better lower or higher")]
    public async Task Compare_LineThatCannotBeUsed_IsNamedWithItsPlace(string line, string why)
    {
        Keep(Old, Figure("start", "time", 1));
        Keep(New, Figure("start", "time", 1), line);

        var result = await CompareAsync(Old, New);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain($"{New}.jsonl:2").And.Contain(why);
    }

    [Fact]
    public async Task Compare_NothingToCompare_SaysWhatThereIs()
    {
        Keep(Old, Figure("start", "ms", 1, against: null));

        (await CompareAsync(Old, New)).Error.Should().Contain($"no results of {New}").And.Contain($"{Old}.jsonl");
        var none = await CompareAsync(Old, Old);
        none.ExitCode.Should().Be(2);
        none.Error.Should().Contain("has no ratio");
        (await CompareAsync(Old)).Error.Should().Contain("usage:");
        (await CompareAsync("--onyl", "start", Old, New)).Error.Should().Contain("--onyl");
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string Figure(string benchmark, string figure, double median, string better = "lower", string? against = "a peer") =>
        new JsonObject
        {
            ["benchmark"] = benchmark,
            ["figure"] = figure,
            ["against"] = against,
            ["better"] = better,
            ["median"] = median,
        }.ToJsonString();

    private void Keep(string commit, params string[] lines) => File.WriteAllLines(_folder.File($"{commit}.jsonl"), lines);

    private async Task<ProcessResult> CompareAsync(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a script for a shell.");
        var start = new ProcessStartInfo(RepositoryFiles.Find("tools/compare-benchmarks"), ["--results", _folder.FullPath, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ProcessResult(process.ExitCode, await output, await error);
    }
}
