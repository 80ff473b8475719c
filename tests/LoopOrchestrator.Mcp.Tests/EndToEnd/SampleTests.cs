using System.Diagnostics;
using System.Reflection;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>The samples that the documents send people to, played with the program under test.</summary>
[Trait("kind", "smoke")]
public sealed class SampleTests(ITestOutputHelper output)
{
    // The sample ends by itself after 100 s without an end of its cycle.
    private static readonly TimeSpan Guard = ServerProcess.HangGuard * 2;

    [Fact]
    public async Task Sample_OfRework_PlaysItsStory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a shell script.");
        var info = new ProcessStartInfo("sh", [Path.Combine(Samples(), "rework", "run")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in info.Environment.Keys.Where(static name => name.StartsWith("LOOP_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["LOOP_EXECUTABLE"] = ProductExecutable.Path;
        using var sample = Process.Start(info)!;
        var told = Task.WhenAll(
            sample.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            sample.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
        try
        {
            await sample.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!sample.HasExited)
            {
                sample.Kill(entireProcessTree: true);
            }
        }

        var story = string.Concat(await told.WaitAsync(Guard, TestContext.Current.CancellationToken));
        output.WriteLine(story);
        sample.ExitCode.Should().Be(0, story);
        story.Should().Contain("holds: it went back twice").And.NotContain("DOES NOT HOLD");
    }

    private static string Samples() =>
        Path.Combine(
            typeof(SampleTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(static attribute => attribute.Key == "RepositoryRoot")
                .Value!,
            "samples"
        );
}
